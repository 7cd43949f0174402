"""Decisions on certificates by people."""
