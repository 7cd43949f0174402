"""Marking by people: the marker's desk, and what lead markers need."""
