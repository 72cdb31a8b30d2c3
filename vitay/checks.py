"""What `manage.py check`, and so `migrate`, refuses of the settings."""

from django.conf import settings
from django.core.checks import Error, Tags, register

SHORTEST_SECRET = 32  # characters
FEWEST_LETTERS = 5  # different ones


@register(Tags.security)
def short_secrets(app_configs=None, **_) -> list[Error]:
    """Outside DEBUG no key can be guessed: whoever knows one signs links and tokens with it."""
    if settings.DEBUG:
        return []
    secrets = {
        "SECRET_KEY": [settings.SECRET_KEY],
        "LINK_KEYS": settings.LINK_KEYS,
        "JWT_KEYS": settings.JWT_KEYS,
    }
    hint = f"Make each with `openssl rand -base64 48`; at least {SHORTEST_SECRET} characters."
    return [
        Error(f"too short or too plain: {name}", hint, id="vitay.E001")
        for name, keys in secrets.items()
        if any(len(key) < SHORTEST_SECRET or len(set(key)) < FEWEST_LETTERS for key in keys)
    ]
