"""What an activity's key says in words: of what, and what was done."""

from functools import cache

from django.utils.text import camel_case_to_spaces, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.jsonapi.resources import resource_models

# What is no resource and yet looked at or taken.
NOUNS = {"personal_data": gettext_lazy("personal data"), "export": gettext_lazy("list")}

# A noun in French, so that it agrees with whatever it is about.
ACTS = {
    "access": pgettext_lazy("activity", "all that is kept was handed over"),
    "activate": pgettext_lazy("activity", "activated"),
    "approve": pgettext_lazy("activity", "approved"),
    "archive": pgettext_lazy("activity", "archived"),
    "bounced": pgettext_lazy("activity", "bounced"),
    "call": pgettext_lazy("activity", "asked for a call"),
    "cancel": pgettext_lazy("activity", "cancelled"),
    "cancelled": pgettext_lazy("activity", "cancelled with its request"),
    "conclude": pgettext_lazy("activity", "concluded"),
    "consent": pgettext_lazy("activity", "consent given"),
    "contact": pgettext_lazy("activity", "invited"),
    "create": pgettext_lazy("activity", "added"),
    "csv": pgettext_lazy("activity", "exported"),
    "deactivate": pgettext_lazy("activity", "deactivated"),
    "decline": pgettext_lazy("activity", "declined"),
    "destroy": pgettext_lazy("activity", "deleted"),
    "download": pgettext_lazy("activity", "downloaded"),
    "draft": pgettext_lazy("activity", "drafted again"),
    "erase": pgettext_lazy("activity", "erased"),
    "erasure_request": pgettext_lazy("activity", "asked to be erased"),
    "expire": pgettext_lazy("activity", "expired"),
    "expired": pgettext_lazy("activity", "expired with its request"),
    "extend": pgettext_lazy("activity", "extended"),
    "failed": pgettext_lazy("activity", "failed"),
    "fill": pgettext_lazy("activity", "answered"),
    "lock": pgettext_lazy("activity", "answers locked again"),
    "merge": pgettext_lazy("activity", "merged"),
    "message.expired": pgettext_lazy("activity", "not sent in time"),
    "open": pgettext_lazy("activity", "opened"),
    "password": pgettext_lazy("activity", "new password"),
    "pay": pgettext_lazy("activity", "paid"),
    "recovery_codes": pgettext_lazy("activity", "new recovery codes"),
    "reference_request.fill": pgettext_lazy("activity", "enough references have answered"),
    "reopen": pgettext_lazy("activity", "reopened"),
    "replace": pgettext_lazy("activity", "replaced"),
    "resend": pgettext_lazy("activity", "invited again"),
    "restore": pgettext_lazy("activity", "restored"),
    "roles": pgettext_lazy("activity", "roles changed"),
    "send": pgettext_lazy("activity", "sent"),
    "sign_out": pgettext_lazy("activity", "signed out everywhere"),
    "suspend": pgettext_lazy("activity", "suspended"),
    "two_factor_reset": pgettext_lazy("activity", "two-factor sign-in reset"),
    "two_factor_setup": pgettext_lazy("activity", "two-factor sign-in set up"),
    "unarchive": pgettext_lazy("activity", "taken out of the archive"),
    "unsubscribe": pgettext_lazy("activity", "unsubscribed"),
    "update": pgettext_lazy("activity", "changed"),
    "view": pgettext_lazy("activity", "shown"),
    "void": pgettext_lazy("activity", "voided"),
    "wrong_person": pgettext_lazy("activity", "wrong person"),
}


def in_words(key: str) -> str:
    """`reference.fill` is “Reference: answered”; a key of a former release stays as it is."""
    noun, _dot, act = key.partition(".")
    noun, act = _nouns().get(noun), ACTS.get(key) or ACTS.get(act)
    return capfirst(_("%(noun)s: %(act)s") % {"noun": noun, "act": act}) if noun and act else key


def keys_of(words: str) -> list[str]:
    """The keys that say this in the reader's language."""
    nouns, wanted = _nouns(), words.casefold()
    pairs = (f"{noun}.{act.rpartition('.')[2]}" for noun in nouns for act in ACTS)
    return sorted({key for key in pairs if wanted in in_words(key).casefold()})


@cache
def _nouns() -> dict:
    """Names that are read in each reader's language."""
    models = {
        camel_case_to_spaces(model.__name__).replace(" ", "_"): model._meta.verbose_name
        for model in resource_models()
    }
    return models | NOUNS
