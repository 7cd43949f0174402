"""Marking by people: when marks settle an answer, what shows beside it, and who gets which."""
