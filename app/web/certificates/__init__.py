"""Certificates and their verification."""
