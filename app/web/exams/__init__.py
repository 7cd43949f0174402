"""Sitting an exam."""
