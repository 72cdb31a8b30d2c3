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
    fields = {"key": str, "en": str, "fr": str, "is_manager": bool}
    good = isinstance(value, list) and 1 <= len(value) <= 20
    for each in value if good else []:
        good = good and isinstance(each, dict) and set(each) == set(fields)
        good = good and all(isinstance(each[name], kind) for name, kind in fields.items())
        good = good and re.fullmatch(r"[a-z_]{1,30}", each["key"]) is not None
    if not good or len({each["key"] for each in value}) != len(value):
        raise ValidationError(
            _("Enter a list of {key, en, fr, is_manager} with different keys."), code="invalid"
        )
