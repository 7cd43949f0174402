"""The course and its lessons."""
