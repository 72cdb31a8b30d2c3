"""Contact details and private words are masked until asked for; who asked, and when, is kept."""

import re
from datetime import timedelta
from functools import cache

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.utils import timezone

KEY = "personal_data.view"
SHOWN_FOR = timedelta(minutes=30)
MASK = "•••"
EMAIL = re.compile(r"([^@\s])[^@\s]*(@[^@\s]+)")
PHONE = re.compile(r"[\d\s()+-]{5,}(\d\d)")


def masked(value) -> str:
    """Enough to recognise a person by, too little to write to them."""
    text = "" if value is None else str(value)
    if email := EMAIL.fullmatch(text):
        return f"{email[1]}{MASK}{email[2]}"
    if phone := PHONE.fullmatch(text):
        return MASK + phone[1]
    return text and MASK


@cache
def masked_column(model_admin, name: str):
    """In place of a column or a field: the same label, the value masked."""
    label = label_for_field(name, model_admin.model, model_admin)

    @admin.display(description=label)
    def show(thing):
        return masked(getattr(thing, name)) or "–"

    show.__name__ = name
    return show


def show(user, thing) -> None:
    """They asked to see it: from here on it is shown to them, for a while."""
    about = thing if thing._meta.object_name == "Candidate" else getattr(thing, "candidate", None)
    _activities().record(user, KEY, thing, candidate=about)


def shown_until(user, thing):
    """What was asked for is what is kept: nothing is shown that left no activity."""
    seen = _activities().objects.filter(
        key=KEY,
        owner_type=user._meta.object_name,
        owner_id=user.pk,
        trackable_type=thing._meta.object_name,
        trackable_id=thing.pk,
        created_at__gt=timezone.now() - SHOWN_FOR,
    )
    last = seen.order_by("-id").values_list("created_at", flat=True).first()
    return last and last + SHOWN_FOR


def show_once(user, thing) -> None:
    """Parts of a page that shows it: they may be asked for alone, and are kept only then."""
    if not shown_until(user, thing):
        show(user, thing)


def may_export(user) -> bool:
    """A whole list with everybody's address: for administrators only."""
    return user.has_perm("staff.export_personal_data")


def _activities():
    return apps.get_model("activities.Activity")
