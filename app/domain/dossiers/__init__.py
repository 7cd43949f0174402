"""Dossiers: everything about one attempt in one signed file, and the checks that hold it."""
