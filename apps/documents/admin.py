"""Documents as issued, and the end of what is kept about a person."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.candidates.admin import CandidateAdmin
from apps.documents.actions import erase
from apps.documents.models import Document, FailedRender
from apps.staff.columns import badge, link_to
from apps.staff.filters import FirmFilter, Happened
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnly
from apps.staff.search import as_uuid
from apps.staff.verbs import Verb

CandidateAdmin.verbs += (
    Verb(
        "erase",
        _("Erase"),
        _(
            "Names, addresses, words, messages and files of this candidate and of everyone who was "
            "asked go at once, and for good. Counts and scores stay."
        ),
        lambda candidate, by: erase(candidate, by=by),
        fits=lambda candidate: not candidate.erased_at,
        single=True,
    ),
)


@admin.register(Document)
class DocumentAdmin(ReadOnly, StaffAdmin):
    list_display = ["number", "kind", "audience", "state", "firm", "created_at"]
    list_filter = [
        "kind",
        "language",
        "audience",
        ("superseded_at", Happened),
        FirmFilter,
    ]
    list_select_related = ["hiring_firm"]
    about_id = "subject_id"
    search_fields = ["number"]
    search_help_text = _("The number printed on the document, or the id of what it shows.")
    date_hierarchy = "created_at"
    csv = ("id", "number", "kind", "language", "audience", "created_at", "superseded_at", "sha256")
    fields = (
        "number", "kind", "language", "audience", "state", "shows", "candidate_link",
        "firm", "sha256", "size", "created_at", "superseded_at",
    )  # fmt: skip
    shows = link_to("subject", _("what it shows"))

    def get_search_results(self, request, queryset, search_term):
        if as_uuid(search_term) is not None:
            return super().get_search_results(request, queryset, search_term)
        number = search_term.strip().upper().replace("-", "").replace(" ", "")
        return queryset.filter(number__startswith=number), False

    @admin.display(description=_("state"))
    def state(self, document):
        if document.superseded_at:
            return badge("superseded", _("superseded"))
        return badge("active", _("current"))


@admin.register(FailedRender)
class FailedRenderAdmin(ReadOnly, StaffAdmin):
    list_display = ["kind", "candidate_link", "firm", "tries", "next_try_at", "error", "updated_at"]
    list_filter = ["kind", ("next_try_at", Happened)]
    list_select_related = ["candidate", "hiring_firm"]
    fields = (
        "kind", "shows", "candidate_link", "firm", "error", "tries", "next_try_at", "created_at",
        "updated_at",
    )  # fmt: skip
    shows = link_to("subject", _("what it shows"))
    verbs = (
        Verb(
            "try_again",
            _("Try again"),
            _("It is made again within a minute, and if need be a few times more."),
            lambda failure, by: failure.try_again(),
        ),
    )
