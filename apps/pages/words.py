"""The firm's list of relationships, from the reference's side."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.firms.relationships import STARTER

STARTED = {key: {"en": english, "fr": french} for key, english, french, _manager in STARTER}


def ties(reference) -> list[tuple[str, str]]:
    """Each relationship as the reference would say it; a firm's own words are quoted."""
    name, language = reference.candidate.first_name, get_language()
    mine = {
        "manager": _("I managed %(name)s"),
        "colleague": _("We were colleagues"),
        "direct_report": _("%(name)s managed me"),
        "client": _("I was a client of %(name)s"),
        "teacher": _("I taught %(name)s"),
        "other": _("Something else"),
    }
    return [
        (each["key"], mine[each["key"]] % {"name": name})
        if each[language] == STARTED.get(each["key"], {}).get(language)
        else (
            each["key"],
            _("%(name)s would say: “%(words)s”") % {"name": name, "words": each[language]},
        )
        for each in reference.hiring_firm.relationships
    ]
