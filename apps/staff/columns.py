"""What a column or a line of a page shows: states, times, links, names and values."""

from contextvars import ContextVar
from datetime import datetime
from functools import cache
from operator import attrgetter

from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.timezone import localtime

# The shape and colour of each state; its word always stands beside.
TONES = {
    "good": {"filled", "concluded", "verified", "delivered", "paid", "active"},
    "wait": {
        "sent", "opened", "started", "queued", "sending", "unknown", "pending_review",
        "call_requested", "open",
    },
    "stop": {
        "declined", "expired", "bounced", "failed", "wrong_person", "discrepancy", "unable",
        "inactive", "deleted", "overdue",
    },
}  # fmt: skip


def badge(state: str, label: str | None = None, tone: str = ""):
    tone = tone or next((tone for tone, states in TONES.items() if state in states), "idle")
    return format_html('<span class="badge {}">{}</span>', tone, capfirst(label or state))


READER = ContextVar("reader", default=None)  # the member of staff that a page is made for


def page_of(thing, label=None):
    """A link to the page of a row in this admin; words alone for whom it would refuse."""
    if thing is None:
        return "–"
    options, reader = thing._meta, READER.get()
    name = f"{options.app_label}_{options.model_name}"
    may = reader and reader.has_perm(f"{options.app_label}.view_{options.model_name}")
    try:
        url = may and reverse(f"admin:{name}_change", args=[thing.pk])
    except NoReverseMatch:
        url = ""
    if not url:
        return str(label or thing)
    return format_html('<a href="{}">{}</a>', url, label or thing)


def facts(pairs):
    """Names and values, one below the other."""
    lines = format_html_join("", "<dt>{}</dt><dd>{}</dd>", pairs)
    return format_html('<dl class="facts">{}</dl>', lines) if lines else "–"


def message_badge(message):
    tone = "good" if message.status in ("sent", "delivered", "opened") else ""
    return badge(message.status, message.get_status_display(), tone)


def when(at):
    if at is None:
        return "–"
    local = localtime(at)
    return format_html('<span class="nowrap">{}</span> {}', f"{local:%Y-%m-%d}", f"{local:%H:%M}")


@cache
def moment(model, name: str):
    """A time as short as a column wants it, and sorted as it reads."""
    field = model._meta.get_field(name)

    @admin.display(description=field.verbose_name, ordering=name)
    def show(thing):
        return when(getattr(thing, name))

    show.__name__ = name
    return show


def column(path: str, words, ordering: str = ""):
    """A column that reads along a path of joined rows."""
    read = attrgetter(path)

    @admin.display(description=words, ordering=ordering or path.replace(".", "__"))
    def show(self, thing):
        try:
            value = read(thing)
        except AttributeError:
            return "–"
        if isinstance(value, datetime):
            return when(value)
        return "–" if value in (None, "") else value

    return show


def type_in_words(name: str) -> str:
    """`ReferenceRequest` as people call it."""
    found = _named(name)
    return capfirst(found._meta.verbose_name) if found else name


def kind_of(stem: str, words):
    """A column that says what sort of thing `<stem>_type` names."""

    @admin.display(description=words, ordering=f"{stem}_type")
    def show(self, row):
        return type_in_words(getattr(row, f"{stem}_type"))

    return show


def link_to(stem: str, words):
    """A line that leads to what `<stem>_type` and `<stem>_id` name; what is gone keeps its id."""

    @admin.display(description=words)
    def show(self, row):
        name, pk = getattr(row, f"{stem}_type"), getattr(row, f"{stem}_id")
        if not name:
            return "–"
        model = _named(name)
        found = model and model._base_manager.filter(pk=pk).first()
        words = f"{type_in_words(name)} · {found or pk}"
        return page_of(found, words) if found else words

    return show


def _named(name: str):
    return next((model for model in apps.get_models() if model.__name__ == name), None)
