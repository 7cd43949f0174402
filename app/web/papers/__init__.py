"""Exam plans, batches of papers and papers."""
