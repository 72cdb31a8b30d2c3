"""What a reference may be to a candidate: the list that every firm starts with."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# key, English, French, whether it makes the reference a manager; as the candidate says it.
STARTER = [
    ("manager", "They managed me", "Cette personne me supervisait", True),
    ("colleague", "We were colleagues", "Nous étions collègues", False),
    ("direct_report", "I managed them", "Je supervisais cette personne", False),
    ("client", "They were my client", "Cette personne faisait partie de ma clientèle", False),
    ("teacher", "They taught me", "Cette personne m’a enseigné", False),
    ("other", "Something else", "Un autre lien", False),
]


def default_relationships() -> list[dict]:
    names = ("key", "en", "fr", "is_manager")
    return [dict(zip(names, each, strict=True)) for each in STARTER]


def validate_relationships(value) -> None:
    """ValidationError whose `at` is the place of what is wrong."""
    if not isinstance(value, list) or not 1 <= len(value) <= 20:
        raise _wrong()
    kinds = {"key": str, "en": str, "fr": str, "is_manager": bool}
    for place, each in enumerate(value):
        if not isinstance(each, dict):
            raise _wrong(place)
        for name in [*kinds, *each]:
            if name not in kinds or not isinstance(each.get(name), kinds[name]):
                raise _wrong(place, name)
        if not re.fullmatch(r"[a-z_]{1,30}", each["key"]):
            raise _wrong(place, "key")
        if each["key"] in {other["key"] for other in value[:place]}:
            raise _wrong(place, "key")


def _wrong(*at) -> ValidationError:
    # No code that Django's own field has words for.
    words = _("Enter a list of {key, en, fr, is_manager} with different keys.")
    return ValidationError(words, code="invalid_relationships", params={"at": at})
