"""The links in messages: derived, for one thing and one purpose, revoked by a version.

A token is base64url of a purpose byte, the id's 16 bytes and 16 bytes of HMAC-SHA256 over
purpose|id|version: 44 characters. Nothing secret is stored; raising the row's `link_version`
ends every link to it.
"""

import base64
import binascii
import hashlib
import hmac
import uuid
from enum import IntEnum
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import models


class Purpose(IntEnum):
    REQUEST = 1  # the candidate's page
    REFERENCE = 2  # the reference's page
    VERIFICATION = 3  # the verifier's page
    PASSWORD = 4  # set or reset a password
    UNSUBSCRIBE_REQUEST = 5  # no more reminders by email
    UNSUBSCRIBE_REFERENCE = 6
    UNSUBSCRIBE_VERIFICATION = 7


MODELS = {
    Purpose.REQUEST: "references.ReferenceRequest",
    Purpose.REFERENCE: "references.Reference",
    Purpose.VERIFICATION: "verifications.Verification",
    Purpose.PASSWORD: "accounts.PasswordReset",
    Purpose.UNSUBSCRIBE_REQUEST: "references.ReferenceRequest",
    Purpose.UNSUBSCRIBE_REFERENCE: "references.Reference",
    Purpose.UNSUBSCRIBE_VERIFICATION: "verifications.Verification",
}


class Link(NamedTuple):
    purpose: Purpose
    id: uuid.UUID
    signature: bytes


def sign(purpose: Purpose, target: models.Model) -> str:
    """The token of the link to `target`, which has a `link_version`."""
    signature = _signature(settings.LINK_KEYS[0], purpose, target.pk, target.link_version)
    raw = bytes([purpose]) + target.pk.bytes + signature
    return base64.urlsafe_b64encode(raw).decode()


def read(token: str) -> Link | None:
    """The token's parts, not yet proven; None when it is not of our form."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
        if len(token) != 44 or len(raw) != 33:
            return None
        return Link(Purpose(raw[0]), uuid.UUID(bytes=raw[1:17]), raw[17:])
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None


def resolve(token: str) -> tuple[Purpose, models.Model] | None:
    """What a token opens, when its signature holds for the row's present version."""
    link = read(token)
    if link is None:
        return None
    target = apps.get_model(MODELS[link.purpose])._default_manager.filter(pk=link.id).first()
    if target is None:
        return None
    for key in settings.LINK_KEYS:
        expected = _signature(key, link.purpose, link.id, target.link_version)
        if hmac.compare_digest(expected, link.signature):
            return link.purpose, target
    return None


def url(purpose: Purpose, target: models.Model) -> str:
    return f"{settings.PUBLIC_URL}/r/{sign(purpose, target)}"


def in_other_language(link: str, language: str) -> str:
    """The same page in English for who was written to in French, and the other way round."""
    return f"{link}?lang={'en' if language == 'fr' else 'fr'}"


def _signature(key: str, purpose: Purpose, pk: uuid.UUID, version: int) -> bytes:
    message = f"{int(purpose)}|{pk}|{version}".encode()
    return hmac.new(key.encode(), message, hashlib.sha256).digest()[:16]
