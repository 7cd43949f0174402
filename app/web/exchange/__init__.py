"""Import and export of questions."""
