"""Addresses that must be remembered without being kept: a keyed hash of them.

What is remembered outlives its key: the first of ADDRESS_KEYS hashes, and all are looked up.
"""

import hashlib
import hmac

from django.conf import settings


def hash_address(address: str) -> str:
    return address_hashes(address)[0]


def address_hashes(address: str) -> list[str]:
    """Under each key that was ever first, the present one at the front."""
    keys = settings.ADDRESS_KEYS or [settings.SECRET_KEY]
    address = address.strip().lower().encode()
    return [
        hmac.new(f"address|{key}".encode(), address, hashlib.sha256).hexdigest() for key in keys
    ]
