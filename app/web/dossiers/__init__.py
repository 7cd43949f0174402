"""Dossiers of attempts, receipts, and verifying them."""
