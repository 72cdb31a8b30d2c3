"""Addresses that must be remembered without being kept: a keyed hash of them."""

import hashlib
import hmac

from django.conf import settings


def hash_address(address: str) -> str:
    key = ("address|" + settings.SECRET_KEY).encode()
    return hmac.new(key, address.strip().lower().encode(), hashlib.sha256).hexdigest()
