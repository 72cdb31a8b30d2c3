"""Identifiers: UUIDv7, so that rows made later sort later."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0  # the 74 bits of time and counter given last


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, 5.7), always greater than the one before in this process."""
    global _last
    with _lock:
        # 48 bits of milliseconds and 42 of counter (method 1): each millisecond starts at a
        # random point of the counter's lower half, so that it can rise and cannot be guessed.
        now = (time.time_ns() // 1_000_000) << 42 | int.from_bytes(os.urandom(6)) >> 7
        _last = now if now > _last else _last + 1
        clock, counter = _last >> 42, _last & (1 << 42) - 1
    rest = int.from_bytes(os.urandom(4))
    return uuid.UUID(
        int=clock << 80
        | 0x7 << 76
        | (counter >> 30) << 64  # rand_a: the counter's upper 12 bits
        | 0b10 << 62
        | (counter & (1 << 30) - 1) << 32
        | rest
    )


def parse(text: object) -> uuid.UUID | None:
    """The id that a client wrote, or None; only the spelling that we answer counts."""
    if not isinstance(text, str) or len(text) != 36:
        return None
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None
