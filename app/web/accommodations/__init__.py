"""Accommodations of people."""
