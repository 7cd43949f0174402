"""The checks before an exam."""
