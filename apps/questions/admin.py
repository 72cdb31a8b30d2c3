"""Question sets: the library, which staff look after, and the firms' own."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.activities.models import Activity
from apps.questions.models import Question, QuestionSet
from apps.staff.columns import badge, page_of
from apps.staff.filters import FirmFilter, Happened
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnlyInline
from apps.staff.verbs import Verb


class QuestionInline(ReadOnlyInline):
    model = Question
    fields = ("order", "type", "category", "required", "weight")
    ordering = ("order", "id")


def archive(question_set, by):
    """Requests keep their copy; nobody can choose the set any more."""
    if question_set.archived_at:
        raise ValidationError(gettext("It is archived already."))
    question_set.archived_at = timezone.now()
    question_set.save(update_fields=["archived_at", "updated_at"])
    Activity.record(by, "question_set.archive", question_set)


def unarchive(question_set, by):
    question_set.archived_at = None
    question_set.save(update_fields=["archived_at", "updated_at"])
    Activity.record(by, "question_set.unarchive", question_set)


@admin.register(QuestionSet)
class QuestionSetAdmin(StaffAdmin):
    list_display = ["title", "owner", "language", "state", "created_at"]
    list_filter = [
        "language",
        ("archived_at", Happened),
        FirmFilter,
    ]
    list_select_related = ["hiring_firm"]
    search_fields = ["title", "key", "hiring_firm__name"]
    date_hierarchy = "created_at"
    csv = ("id", "title", "language", "key", "hiring_firm__name", "archived_at", "created_at")
    timeline_of = "self"
    editable = ("title",)
    fieldsets = [
        (None, {"fields": ["title", "owner", "language", "state", "key"]}),
        (_("Relations"), {"fields": ["translation_link", "copied_from", "created_at"]}),
    ]
    inlines = (QuestionInline,)
    verbs = (
        Verb(
            "archive",
            _("Archive"),
            _("Nobody can choose this set any more. Requests that use it go on unchanged."),
            archive,
            fits=lambda question_set: not question_set.archived_at,
        ),
        Verb(
            "unarchive",
            _("Take out of the archive"),
            _("The set can be chosen again."),
            unarchive,
            fits=lambda question_set: bool(question_set.archived_at),
        ),
    )

    def save_model(self, request, obj, form, change):
        obj.save(update_fields=["title", "updated_at"])
        Activity.record(request.user, "question_set.update", obj, changed=form.changed_data)

    @admin.display(description=_("firm"), ordering="hiring_firm__name")
    def owner(self, question_set):
        return page_of(question_set.hiring_firm) if question_set.hiring_firm_id else _("library")

    @admin.display(description=_("translation"))
    def translation_link(self, question_set):
        return page_of(question_set.translation)

    @admin.display(description=_("state"), ordering="archived_at")
    def state(self, question_set):
        if question_set.archived_at:
            return badge("archived", _("archived"))
        return badge("active", _("active"))


@admin.register(Question)
class QuestionAdmin(StaffAdmin):
    list_display = ["text", "set", "type", "category", "required", "weight"]
    list_filter = ["type", "required", ("archived_at", Happened)]
    list_select_related = ["question_set__hiring_firm"]
    search_fields = ["text", "category"]
    date_hierarchy = "created_at"
    csv = ("id", "question_set__title", "order", "type", "category", "text", "weight")
    timeline_of = "self"
    editable = ("text", "hint", "category", "required", "weight", "choices", "labels")
    fieldsets = [
        (None, {"fields": ["set", "type", "text", "hint", "category"]}),
        (_("Answers"), {"fields": ["required", "choices", "labels", "min", "max", "weight"]}),
        (_("Times"), {"fields": ["created_at", "updated_at", "archived_at"]}),
    ]

    def save_model(self, request, obj, form, change):
        """Staff also correct the library; what was asked keeps its words, frozen in the request."""
        obj.save()
        Activity.record(request.user, "question.update", obj, changed=form.changed_data)

    @admin.display(description=_("set"), ordering="question_set__title")
    def set(self, question):
        return page_of(question.question_set)
