"""Access and refresh tokens: pinned algorithm, audience and issuer; keys that can be rotated."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

ACCESS, REFRESH = "access", "refresh"
LIFE = {ACCESS: timedelta(hours=8), REFRESH: timedelta(days=14)}
LONGEST = timedelta(days=90)  # since the password was given; each refresh token ends by then
SESSION_CLAIM, SINCE_CLAIM = "session", "auth_time"


def issue(user, kind: str, since: int | None = None) -> str:
    """A token of a session that began at `since`, or begins now."""
    now = timezone.now()
    since = since or int(now.timestamp())
    ends = int((now + LIFE[kind]).timestamp())
    if kind == REFRESH:
        ends = min(ends, since + int(LONGEST.total_seconds()))
    return _backend(settings.JWT_KEYS[0]).encode(
        {
            "token_type": kind,
            "user_id": str(user.pk),
            SESSION_CLAIM: user.session_version,
            "jti": uuid.uuid4().hex,
            "iat": int(now.timestamp()),
            SINCE_CLAIM: since,
            "exp": ends,
        }
    )


def read(token: str, kind: str) -> dict | None:
    """The claims of a token of this kind that one of our keys signed and that has not ended."""
    for key in settings.JWT_KEYS:
        try:
            claims = _backend(key).decode(token)
        except TokenBackendError:
            continue
        return claims if claims.get("token_type") == kind and _well_formed(claims) else None
    return None


def _backend(key: str) -> TokenBackend:
    return TokenBackend("HS256", signing_key=key, audience="vitay-api", issuer="vitay")


def _well_formed(claims: dict) -> bool:
    try:
        uuid.UUID(claims.get("user_id", ""))
    except (ValueError, TypeError, AttributeError):
        return False
    return isinstance(claims.get(SESSION_CLAIM), int)
