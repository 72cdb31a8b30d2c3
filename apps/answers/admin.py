"""Answers: read, never written, and only by who may; support sees that there are some."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from apps.answers.models import Answer, AnswerSet
from apps.staff.columns import column, page_of
from apps.staff.filters import Happened
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnly, ReadOnlyInline


class AnswerInline(ReadOnlyInline):
    """Without `answers.view_answer` the admin leaves it out."""

    model = Answer
    fields = ("number", "category", "question_text", "value", "comment")
    ordering = ("position",)
    show_change_link = False

    @admin.display(description=_("number"))
    def number(self, answer):
        return answer.position + 1


@admin.register(AnswerSet)
class AnswerSetAdmin(ReadOnly, StaffAdmin):
    list_display = ["reference", "firm", "language", "answer_count", "submitted_at", "typed_by"]
    list_filter = [("submitted_at", Happened), "language"]
    list_select_related = ["reference__hiring_firm", "typed_by__user"]
    search_fields = ["reference__search"]
    date_hierarchy = "submitted_at"
    csv = ("id", "reference__first_name", "reference__last_name", "language", "submitted_at")
    fields = ("reference_link", "firm", "language", "submitted_at", "typed_by", "receipt")
    inlines = (AnswerInline,)
    receipt = column("receipt", _("receipt"))

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        shown = [row.pk for row in changelist.result_list]
        counted = Answer.objects.filter(answer_set__in=shown).order_by().values("answer_set")
        numbers = dict(counted.annotate(n=Count("id")).values_list("answer_set", "n"))
        for row in changelist.result_list:
            row.answer_count = numbers.get(row.pk, 0)
        return changelist

    @admin.display(description=_("answers"))
    def answer_count(self, answer_set):
        return answer_set.answer_count

    @admin.display(description=_("reference"))
    def reference_link(self, answer_set):
        return page_of(answer_set.reference)

    @admin.display(description=_("firm"))
    def firm(self, answer_set):
        return page_of(answer_set.reference.hiring_firm)
