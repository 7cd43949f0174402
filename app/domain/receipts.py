"""Receipts: signed proof that an answer was stored, when, and with which content."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime


def receipt(
    *,
    key: bytes,
    attempt_id: int,
    position: int,
    epoch: int,
    seq: int,
    answer: object,
    state: str,
    received_at: datetime,
) -> str:
    """HMAC-SHA256 (64 hex digits) over everything that identifies the stored save.

    key: the server's receipt key, at least 32 bytes. received_at: aware, server's clock.
    """
    content = json.dumps(
        [attempt_id, position, epoch, seq, answer, state, received_at.isoformat()],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def tab_token(*, key: bytes, attempt_id: int, user_id: int, epoch: int) -> str:
    """The secret of the tab that may write as `epoch`: a page that was not given it cannot save.

    Worked out anew at every save, so that the database keeps no tab's secret and the token of
    a tab that was taken over can still be told from a made-up one.
    """
    content = f"tab:{attempt_id}:{user_id}:{epoch}"
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()[:32]


def is_tab_token(token: str, *, key: bytes, attempt_id: int, user_id: int, epoch: int) -> bool:
    """Whether `token` was given to that tab (compared in constant time)."""
    right = tab_token(key=key, attempt_id=attempt_id, user_id=user_id, epoch=epoch)
    return hmac.compare_digest(token.encode(errors="replace"), right.encode())
