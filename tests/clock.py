"""The clock that tests move."""

from __future__ import annotations

from datetime import datetime, timedelta


class Clock:
    """A server's clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **amount: float) -> datetime:
        """Move on by timedelta(**amount)."""
        self.at += timedelta(**amount)
        return self.at
