"""Re-scores of questions."""
