"""Releases of results."""
