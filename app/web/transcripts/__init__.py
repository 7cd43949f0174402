"""The result as a transcript, with what its exam's policy shows."""
