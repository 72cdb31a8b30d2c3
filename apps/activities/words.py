"""What an activity's key says in words: of what, and what was done."""

from contextlib import suppress
from functools import cache

from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_datetime
from django.utils.text import camel_case_to_spaces, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.jsonapi.resources import model_named, resource_models

# What is no resource and yet looked at or taken.
NOUNS = {"personal_data": gettext_lazy("personal data"), "export": gettext_lazy("list")}

# Names of parameters that are no columns of anything.
PARAMETERS = {
    "after": pgettext_lazy("activity", "after"),
    "before": pgettext_lazy("activity", "before"),
    "changed": pgettext_lazy("activity", "what was changed"),
    "instead_of": pgettext_lazy("activity", "instead of"),
    "merged": pgettext_lazy("activity", "the duplicate"),
    "model": pgettext_lazy("activity", "the list"),
    "roles": pgettext_lazy("activity", "roles"),
    "rows": pgettext_lazy("activity", "rows"),
    "until": pgettext_lazy("activity", "until"),
}

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
    "reference_request.fill": pgettext_lazy("activity", "enough references have been named"),
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


def pairs_of(parameters: dict) -> list[tuple]:
    """What is kept with an activity, as people call it: names, and the words of each value."""
    pairs = []
    for name, said in parameters.items():
        parts = said.items() if isinstance(said, dict) else [("", said)]
        for part, value in parts:
            words = [str(name_of(each)) for each in (name, part) if each]
            pairs.append((capfirst(" · ".join(words)), value_of(part or name, value)))
    return pairs


def name_of(column: str):
    """As forms and lists call it; what no table has any more stays as it is."""
    if column in PARAMETERS:
        return PARAMETERS[column]
    return next((field.verbose_name for field in _columns(column)), column)


def value_of(name: str, said) -> str:
    if isinstance(said, list):
        return ", ".join(str(name_of(each) if name == "changed" else _(each)) for each in said)
    if isinstance(said, bool):
        return _("Yes") if said else _("No")
    if said in (None, ""):
        return "–"
    if name == "until":
        return f"{localtime(parse_datetime(said)):%Y-%m-%d %H:%M}"
    if name == "model" and (model := model_named(said)):
        return str(model._meta.verbose_name_plural)
    labels = (dict(field.flatchoices).get(said) for field in _columns(name))
    return str(next(filter(None, labels), said))


def _columns(name: str):
    for model in resource_models():
        with suppress(FieldDoesNotExist):
            yield model._meta.get_field(name)
