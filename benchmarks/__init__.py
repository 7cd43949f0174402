"""Benchmarks: `python -m benchmarks.delivery` (see docs/benchmarks.md)."""
