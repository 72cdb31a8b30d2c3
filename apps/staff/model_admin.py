"""What every page of the admin has: lists that stay cheap, histories nobody rewrites."""

import uuid
from datetime import datetime
from functools import cache, partial
from operator import attrgetter
from typing import ClassVar

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import DateField, DateTimeField, Q
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.staff import masking
from apps.staff.export import export_csv
from apps.staff.roles import may_read_answers
from apps.staff.verbs import Verb, ask_then_do

TIMELINE = 60

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


def view_of(thing) -> str:
    """The permission to look at it."""
    return f"{thing._meta.app_label}.view_{thing._meta.model_name}"


def page_of(thing, label=None):
    """A link to the page of a row in this admin."""
    if thing is None:
        return "–"
    options = thing._meta
    try:
        url = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[thing.pk])
    except NoReverseMatch:
        return str(label or thing)
    return format_html('<a href="{}">{}</a>', url, label or thing)


def facts(pairs):
    """Names and values, one below the other."""
    lines = format_html_join("", "<dt>{}</dt><dd>{}</dd>", pairs)
    return format_html('<dl class="facts">{}</dl>', lines) if lines else "–"


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None


def digits_as_stored(words: str) -> str:
    """(514) 555-0142 as the column holds it: 5145550142. Other words stay as they are."""
    bare = words.translate(str.maketrans("", "", " ()-.+\u00a0\u2011"))
    if bare.isdigit() and len(bare) >= 7:
        return bare[1:] if len(bare) == 11 and bare.startswith("1") else bare
    return words


class ReadOnly:
    """Records of what happened: looked at, never written."""

    def has_add_permission(self, request, *args):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    template = "admin/read_only_inline.html"
    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = True

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    @admin.display(description=gettext_lazy("email"))
    def masked_email(self, thing):
        return masking.masked(thing.email) or "–"

    @admin.display(description=gettext_lazy("state"))
    def state(self, thing):
        return badge(thing.status, thing.get_status_display())


class StaffAdmin(admin.ModelAdmin):
    """A page shows all and edits what `editable` names, through the model's own `change`."""

    ordering = ("-id",)  # ids grow with time: the newest first, by the primary key
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER
    actions_selection_counter = True

    editable: ClassVar[tuple[str, ...]] = ()
    secret: ClassVar[tuple[str, ...]] = ()  # shown only to who may read answers
    personal: ClassVar[tuple[str, ...]] = ()  # masked until asked for, see masking.py
    verbs: ClassVar[tuple[Verb, ...]] = ()
    csv: ClassVar[tuple[str, ...]] = ()
    about_id: ClassVar[str] = ""  # the column with the id of what a row is about
    timeline_of: ClassVar[str] = ""  # "self", or "candidate": everything about the person
    found_everywhere = False  # in the search of the whole admin

    # --- who may what -----------------------------------------------------------------------------

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def hidden(self, request) -> set[str]:
        return set() if may_read_answers(request.user) else set(self.secret)

    # --- lists ------------------------------------------------------------------------------------

    def lookup_allowed(self, lookup, value, request=None):
        """By its filters and by dates; else an address would tell what a page hides."""
        filters = [
            getattr(each, "parameter_name", None) or (each if isinstance(each, str) else each[0])
            for each in self.get_list_filter(request)
        ]
        dates = [each.name for each in self.opts.fields if isinstance(each, DateField)]
        chosen = lookup.partition(LOOKUP_SEP)[0]
        return chosen in (*filters, *dates) and super().lookup_allowed(lookup, value, request)

    def get_list_display(self, request):
        hidden = self.hidden(request)
        shown = [name for name in super().get_list_display(request) if name not in hidden]
        times = {each.name for each in self.opts.fields if isinstance(each, DateTimeField)}
        return [moment(self.model, name) if name in times else self._column(name) for name in shown]

    def _column(self, name: str):
        return masking.masked_column(self, name) if name in self.personal else name

    def changelist_view(self, request, extra_context=None):
        context = {"title": capfirst(self.opts.verbose_name_plural), "tools": self.tools(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    def tools(self, request) -> list[tuple[str, str]]:
        """Other pages about the whole list: words and address."""
        return []

    def csv_columns(self, request) -> list[str]:
        hidden = self.hidden(request)
        return [name for name in self.csv if name not in hidden]

    def get_search_results(self, request, queryset, search_term):
        """By id, its own or of what it is about; else by the words that a model keeps folded."""
        by_id = self.opts.pk.get_internal_type() == "UUIDField"
        if by_id and (found := as_uuid(search_term)) is not None:
            ids = Q(pk=found) | (Q((self.about_id, found)) if self.about_id else Q())
            return queryset.filter(ids), False
        if list(self.search_fields) == [self.about_id]:
            return queryset.none() if search_term else queryset, False
        search_term = digits_as_stored(search_term)
        if search_term and hasattr(queryset, "search"):
            return queryset.search(search_term), False
        return super().get_search_results(request, queryset, search_term)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        if "_popup" in request.GET:
            return actions
        if self.csv and self.has_view_permission(request):
            actions["export_csv"] = (export_csv, "export_csv", export_csv.short_description)
        for verb in self.verbs:
            if self._may(request, verb):
                run = partial(_run_verb, verb)
                actions[verb.name] = (run, verb.name, verb.label)
        return actions

    def _may(self, request, verb: Verb) -> bool:
        name = f"{self.opts.app_label}.{verb.permission}_{self.opts.model_name}"
        return request.user.has_perm(name)

    # --- one page ---------------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        hidden = self.hidden(request)
        masks = not getattr(request, "shown_until", None)
        seen = []
        for name, options in fieldsets:
            fields = [each for each in options["fields"] if each not in hidden]
            if fields:
                fields = [self._column(each) for each in fields] if masks else fields
                seen.append((name, options | {"fields": fields}))
        return seen

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        return [name for name in self._names(request, obj) if name not in self.editable]

    def _names(self, request, obj) -> list:
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def save_model(self, request, obj, form, change):
        """By the same verb as the API, which guards, records and tells."""
        if not change:
            raise PermissionDenied
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        if fields:
            fresh = self.model._base_manager.get(pk=obj.pk)
            fresh.change(request.user, **fields)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = dict(extra_context or {})
        if object_id is not None and (thing := self.get_object(request, object_id)) is not None:
            if self.personal and self.has_view_permission(request, thing):
                if self._asks_for_personal(request, thing):
                    return HttpResponseRedirect(request.get_full_path())
                context |= {
                    "shown_until": request.shown_until,
                    "masks": not request.shown_until and self._holds_personal(thing),
                }
            context |= {
                "verbs": [v for v in self.verbs if self._may(request, v) and v.fits(thing)],
                "pages": self.pages(request, thing),
                "timeline": self.timeline(request, thing),
                "api_id": thing.pk,
                "title": self.heading(thing),
                "state": self.state(thing) if "state" in self._names(request, thing) else "",
                "subtitle": None,
                "show_save": bool(self.editable),
                "show_save_and_add_another": False,
                "show_save_and_continue": bool(self.editable),
            }
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def _asks_for_personal(self, request, thing) -> bool:
        """Whether this was the press of the button. Who saves what they were shown may go on."""
        request.shown_until = masking.shown_until(request.user, thing)
        asks = "show_personal" in request.POST
        if not request.shown_until and (asks or not request.POST.keys().isdisjoint(self.personal)):
            masking.show(request.user, thing)
            request.shown_until = masking.shown_until(request.user, thing)
        return asks

    def _holds_personal(self, thing) -> bool:
        return any(getattr(thing, name, "") for name in self.personal)

    def heading(self, thing) -> str:
        return str(thing)

    def pages(self, request, thing) -> list[tuple[str, str]]:
        """Other pages about the same thing: words and address."""
        return []

    def timeline(self, request, thing) -> list[dict]:
        """What was done and what was sent, the newest first."""
        if not self.timeline_of:
            return []
        activities = apps.get_model("activities.Activity").objects
        sent = apps.get_model("messaging.Message").objects
        if self.timeline_of == "candidate":
            activities, sent = activities.filter(candidate=thing), sent.filter(candidate=thing)
        else:
            kind = {"trackable_type": thing._meta.object_name, "trackable_id": thing.pk}
            activities, sent = activities.filter(**kind), sent.about(thing)
        activities = list(activities.order_by("-id")[:TIMELINE])
        owners = owner_names(activities)

        def link(row):
            return page_of(row) if request.user.has_perm(view_of(row)) else str(row)

        lines = [
            {
                "at": each.created_at,
                "when": when(each.created_at),
                "what": link(each),
                "who": owners.get(each.owner_id) or _("the service"),
                "state": "",
            }
            for each in activities
        ] + [
            {
                "at": each.created_at,
                "when": when(each.created_at),
                "what": link(each),
                "who": each.name,
                "state": message_badge(each),
            }
            for each in sent.order_by("-id")[:TIMELINE]
        ]
        return sorted(lines, key=lambda line: line["at"], reverse=True)[:TIMELINE]

    # --- columns that many have -------------------------------------------------------------------

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, thing):
        return badge(thing.status, thing.get_status_display())

    @admin.display(description=gettext_lazy("firm"), ordering="hiring_firm__name")
    def firm(self, thing):
        return page_of(thing.hiring_firm)

    @admin.display(description=gettext_lazy("candidate"), ordering="candidate__last_name")
    def candidate_link(self, thing):
        return page_of(thing.candidate)

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, thing):
        return thing.full_name


def message_badge(message):
    tone = "good" if message.status in ("sent", "delivered", "opened") else ""
    return badge(message.status, _(message.status), tone)


def owner_names(activities) -> dict:
    """The names of those who acted, one query for each kind of them."""
    names = {}
    kinds = {each.owner_type for each in activities if each.owner_type}
    for model in apps.get_models():
        if model._meta.object_name in kinds and hasattr(model, "created_at"):
            ids = {each.owner_id for each in activities if each.owner_id}
            rows = model._base_manager.filter(pk__in=ids)
            if model._meta.object_name == "Recruiter":
                rows = rows.select_related("user")
            names |= {row.pk: row.full_name for row in rows if hasattr(row, "full_name")}
    return names


def _run_verb(verb: Verb, model_admin, request, queryset):
    return ask_then_do(model_admin, request, queryset, verb)


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
