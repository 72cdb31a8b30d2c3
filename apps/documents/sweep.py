"""Which documents no longer show what is; found from outside, for nothing below calls us."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from apps.activities.models import Activity
from apps.billing.models import Invoice
from apps.documents.issue import issue, sheet
from apps.documents.models import Document
from apps.documents.renderer import RenderError
from apps.references.models import Reference, ReferenceRequest

logger = logging.getLogger(__name__)

KINDS = Document.Kind
AT_ONCE = 20  # requests in one go: the next minute takes the next
RECENT = timedelta(days=3)  # what has not been touched since then was rendered or will not be asked


def stale() -> list[ReferenceRequest]:
    """Requests with answers in whose report something changed since it was last looked at."""
    filled = Reference.objects.filter(reference_request=OuterRef("pk"), filled_at__isnull=False)
    report = Document.objects.filter(
        kind=KINDS.CANDIDATES,
        subject_type="ReferenceRequest",
        subject_id=OuterRef("pk"),
        superseded_at=None,
    )
    recent = timezone.now() - RECENT
    removed = Activity.objects.filter(key="reference.destroy", candidate=OuterRef("candidate"))
    touched = (
        Reference.objects.filter(updated_at__gte=recent)
        .exclude(reference_request=None)
        .values("reference_request")
    )
    return list(
        ReferenceRequest.objects.annotate(
            removed_at=Subquery(removed.order_by("-created_at").values("created_at")[:1])
        )
        .filter(
            Q(updated_at__gte=recent)
            | Q(candidate__updated_at__gte=recent)
            | Q(pk__in=touched)
            | Q(removed_at__gte=recent)
        )
        .filter(
            Exists(filled) | Q(removed_at__isnull=False),
            candidate__erased_at=None,
            hiring_firm__deleted_at=None,
        )
        .annotate(
            checked_at=Subquery(report.order_by("checked_at").values("checked_at")[:1]),
            changed_at=Greatest(
                "updated_at",
                "candidate__updated_at",
                "hiring_firm__updated_at",
                Coalesce("removed_at", "updated_at"),
                Coalesce(Max("references__updated_at"), "updated_at"),
                Coalesce(Max("references__answer_set__answers__updated_at"), "updated_at"),
            ),
        )
        .filter(Q(checked_at=None) | Q(checked_at__lt=F("changed_at")))
        .select_related("candidate__hiring_firm", "requested_by__user")
        .order_by("changed_at")[:AT_ONCE]
    )


def refresh(request: ReferenceRequest) -> None:
    """The report and each reference's sheet, in the recruiter's language and all issued so far."""
    candidate, language = request.candidate, request.requested_by.user.language
    wanted = {(KINDS.CANDIDATES, candidate, "recruiter", language)}
    for reference in request.references.filter(filled_at__isnull=False):
        wanted.add((KINDS.REFERENCES, reference, "recruiter", language))
    rows = {candidate.pk: candidate, request.pk: candidate}
    rows |= {reference.pk: reference for reference in request.references.all()}
    for old in Document.objects.current().filter(subject_id__in=rows).exclude(kind=KINDS.RESUMES):
        wanted.add((old.kind, rows[old.subject_id], old.audience, old.language))
    for kind, row, audience, each in wanted:
        try:
            chosen = {"request": request} if kind == KINDS.CANDIDATES else {}
            issue(sheet(kind, row, audience=audience, language=each, **chosen), patient=True)
        except RenderError:
            logger.exception("not_rendered", extra={"kind": kind, "subject": str(row.pk)})


def unready() -> list[Invoice]:
    """Invoices that nobody has looked at since they were opened, paid or voided."""
    shown = Document.objects.current().filter(
        kind=KINDS.INVOICES, subject_id=OuterRef("pk"), checked_at__gte=OuterRef("updated_at")
    )
    recent = timezone.now() - RECENT
    opened = Invoice.objects.exclude(status="draft").filter(updated_at__gte=recent)
    return list(opened.exclude(Exists(shown)).select_related("hiring_firm")[:AT_ONCE])


def ready(invoice: Invoice) -> None:
    """An invoice never changes once open: both languages at once."""
    for language, _name in settings.LANGUAGES:
        issue(sheet(KINDS.INVOICES, invoice, audience="recruiter", language=language), patient=True)
