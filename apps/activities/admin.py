import json

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.activities.models import Activity
from apps.activities.words import in_words, keys_of, pairs_of
from apps.staff.columns import READER, facts, link_to
from apps.staff.filters import FirmFilter, types
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnly
from apps.staff.roles import may_read_answers
from apps.staff.search import as_uuid
from apps.staff.timeline import owner_names

ABOUT = (
    "Candidate", "ReferenceRequest", "Reference", "Answer", "Verification", "Message",
    "QuestionSet", "Question", "HiringFirm", "Recruiter", "User", "Invoice",
)  # fmt: skip
ACTORS = ("Recruiter", "User", "Candidate", "Reference", "Verification")
ANSWERS = "answer."  # activities about answers hold what was said before and after


@admin.register(Activity)
class ActivityAdmin(ReadOnly, StaffAdmin):
    list_display = ["created_at", "what", "who", "candidate_link", "firm"]
    list_display_links = ["what"]
    list_filter = [
        ("trackable_type", types(ABOUT, _("what it is about"))),
        ("owner_type", types(ACTORS, _("who did it"))),
        FirmFilter,
    ]
    list_select_related = ["hiring_firm", "candidate"]
    about_id = "trackable_id"
    search_fields = ["key"]
    search_help_text = _("Words such as “bounced”, a key, or the id of what it is about.")
    date_hierarchy = "created_at"
    csv = (
        "id", "created_at", "key", "trackable_type", "trackable_id", "owner_type", "owner_id",
        "hiring_firm__name",
    )  # fmt: skip
    fields = (
        "created_at", "what", "key", "about", "by", "told", "candidate_link", "firm", "said",
    )  # fmt: skip
    about = link_to("trackable", _("about"))
    by = link_to("owner", _("who"))
    told = link_to("recipient", _("told"))

    def get_search_results(self, request, queryset, search_term):
        if search_term and as_uuid(search_term) is None:
            words = search_term.strip()
            named = Q(key__in=keys_of(words)) | Q(key__startswith=words.lower())
            return queryset.filter(named), False
        return super().get_search_results(request, queryset, search_term)

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        names = owner_names(changelist.result_list)
        for row in changelist.result_list:
            row.owner_name = names.get(row.owner_id, "")
        return changelist

    @admin.display(description=_("what"), ordering="key")
    def what(self, activity):
        return in_words(activity.key)

    @admin.display(description=_("who"))
    def who(self, activity):
        if not hasattr(activity, "owner_name"):
            activity.owner_name = owner_names([activity]).get(activity.owner_id, "")
        return activity.owner_name or activity.owner_type or _("the service")

    @admin.display(description=_("parameters"))
    def said(self, activity):
        if activity.key.startswith(ANSWERS) and not may_read_answers(READER.get()):
            return _("hidden: it holds answers")
        return facts(pairs_of(json.loads(activity.parameters)))
