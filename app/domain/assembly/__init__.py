"""Assembles papers from an exam plan: an optimisation, seeded, so that it can be done again."""
