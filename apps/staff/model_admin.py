"""What every page of the admin has: lists that stay cheap, histories nobody rewrites."""

from functools import partial
from typing import ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import DateField, DateTimeField, Q
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from apps.staff import masking
from apps.staff.columns import badge, moment, page_of
from apps.staff.export import export_csv
from apps.staff.roles import may_read_answers
from apps.staff.search import as_uuid, digits_as_stored
from apps.staff.timeline import timeline
from apps.staff.verbs import Verb, ask_then_do


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
                "timeline": timeline(thing, self.timeline_of) if self.timeline_of else [],
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


def _run_verb(verb: Verb, model_admin, request, queryset):
    return ask_then_do(model_admin, request, queryset, verb)
