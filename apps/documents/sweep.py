"""Which documents no longer show what is; found from outside, for nothing below calls us."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from apps.activities.models import Activity
from apps.answers.models import Answer
from apps.billing.models import Invoice
from apps.candidates.models import Candidate
from apps.documents.issue import Gone, issue, look, sheet
from apps.documents.models import Document, FailedRender
from apps.documents.renderer import RenderError
from apps.jsonapi.resources import type_name
from apps.references.models import Reference, ReferenceRequest
from apps.verifications.models import Verification

logger = logging.getLogger(__name__)

KINDS = Document.Kind
AT_ONCE = 20  # of a kind in one go, the freshest: the next minute takes the next
RECENT = timedelta(days=3)  # what was touched before then was looked at since
LIVE = timedelta(days=30)  # until when a new look, or another colour of the firm, is worth a render


def outdated(kind: str):
    """What such files show that were made by another look, or before their firm changed."""
    before = Q(checked_at__lt=F("hiring_firm__updated_at"))
    found = Document.objects.current().filter(
        before | ~Q(content_key__startswith=look()), kind=kind
    )
    return found.values("subject_id")


def stale() -> list[ReferenceRequest]:
    """Requests with answers, or whose report was asked for, where something that it shows changed
    since it was last looked at."""
    report = Document.objects.filter(
        kind=KINDS.CANDIDATES,
        subject_type="ReferenceRequest",
        subject_id=OuterRef("pk"),
        superseded_at=None,
    )
    recent, live = timezone.now() - RECENT, timezone.now() - LIVE
    behind = Q(pk__in=outdated(KINDS.CANDIDATES))
    removed = Activity.objects.filter(key="reference.destroy", candidate=OuterRef("candidate"))
    references = Reference.objects.filter(reference_request=OuterRef("pk"))
    answers = Answer.objects.filter(answer_set__reference__reference_request=OuterRef("pk"))
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
            | (Q(updated_at__gte=live) & behind)
            | due()
        )
        .filter(
            Exists(references.filter(filled_at__isnull=False)) | Exists(report),
            candidate__erased_at=None,
            hiring_firm__deleted_at=None,
        )
        .annotate(
            checked_at=Subquery(report.order_by("checked_at").values("checked_at")[:1]),
            touched_at=Greatest(
                "updated_at",
                "candidate__updated_at",
                Coalesce("removed_at", "updated_at"),
                Coalesce(last_change(references), "updated_at"),
                Coalesce(last_change(answers), "updated_at"),
            ),
            changed_at=Greatest("touched_at", "hiring_firm__updated_at"),
        )
        .filter(Q(checked_at=None) | Q(checked_at__lt=F("touched_at")) | behind | due())
        .exclude(resting("changed_at"))
        .select_related("candidate__hiring_firm", "requested_by__user")
        .order_by("-touched_at")[:AT_ONCE]
    )


def unseen() -> list[Candidate]:
    """Those whose profile has something verified, or was asked for, and about whom something was
    done since it was last looked at."""
    recent, live = timezone.now() - RECENT, timezone.now() - LIVE
    verified = Verification.objects.filter(updated_at__gte=recent).exclude(closed_at=None)
    files = Document.objects.current().filter(kind=KINDS.RESUMES)
    acts = Activity.objects.filter(candidate=OuterRef("pk")).exclude(key="document.download")
    last = Subquery(acts.order_by("-created_at").values("created_at")[:1])
    checked = files.filter(subject_id=OuterRef("pk")).order_by("checked_at").values("checked_at")
    return list(
        Candidate.objects.filter(
            Q(pk__in=verified.values("candidate")) | Q(pk__in=files.values("subject_id")) | due(),
            erased_at=None,
            hiring_firm__deleted_at=None,
        )
        .annotate(
            checked_at=Subquery(checked[:1]),
            touched_at=Coalesce(last, "updated_at"),
            changed_at=Greatest("touched_at", "hiring_firm__updated_at"),
        )
        .filter(
            Q(checked_at=None)
            | Q(checked_at__lt=F("touched_at"))
            | Q(pk__in=outdated(KINDS.RESUMES), touched_at__gte=live)
            | due()
        )
        .exclude(resting("changed_at"))
        .select_related("hiring_firm", "added_by__user")
        .order_by("-touched_at")[:AT_ONCE]
    )


def last_change(rows):
    return Subquery(rows.order_by("-updated_at").values("updated_at")[:1])


def resting(changed_at: str):
    """Of the outer row: it could not be made, its next try has not come, and it is as it was."""
    failed = FailedRender.objects.filter(subject_id=OuterRef("pk"))
    return Exists(failed.resting().filter(updated_at__gte=OuterRef(changed_at)))


def due():
    """Of the outer row: it could not be made, and is to be tried again now."""
    failed = FailedRender.objects.filter(subject_id=OuterRef("pk"))
    return Exists(failed.filter(next_try_at__lte=timezone.now()))


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
    print_ahead(KINDS.CANDIDATES, request, wanted, candidate)


def renew(candidate: Candidate) -> None:
    """The profile, in the recruiter's language and all issued so far."""
    issued = Document.objects.current().filter(kind=KINDS.RESUMES, subject_id=candidate.pk)
    languages = {candidate.added_by.user.language, *issued.values_list("language", flat=True)}
    wanted = [(KINDS.RESUMES, candidate, "recruiter", language) for language in languages]
    print_ahead(KINDS.RESUMES, candidate, wanted, candidate)


def print_ahead(kind, subject, wanted, candidate=None) -> None:
    """All that can be: one document's trouble is noted, and keeps no other."""
    failure = None
    for each, row, audience, language in wanted:
        chosen = {"request": subject} if each == KINDS.CANDIDATES else {}
        try:
            issue(sheet(each, row, audience=audience, language=language, **chosen), patient=True)
        except Gone:
            continue
        except Exception as error:
            failure = error
            logger.exception("not_rendered", extra={"kind": each, "subject": str(row.pk)})
    known = FailedRender.objects.filter(subject_id=subject.pk)
    if failure is None:
        known.delete()
        return
    noted = known.first() or FailedRender(
        kind=kind,
        subject_type=type_name(subject),
        subject_id=subject.pk,
        hiring_firm=subject.hiring_firm,
        candidate=candidate,
    )
    # Other errors may quote what people wrote.
    noted.failed(str(failure) if isinstance(failure, RenderError) else type(failure).__name__)


def unready() -> list[Invoice]:
    """Invoices that nobody has looked at since they were opened, paid or voided, or that another
    look made."""
    shown = Document.objects.current().filter(
        kind=KINDS.INVOICES, subject_id=OuterRef("pk"), checked_at__gte=OuterRef("updated_at")
    )
    live = timezone.now() - LIVE
    opened = Invoice.objects.exclude(status="draft").filter(Q(updated_at__gte=live) | due())
    opened = opened.filter(~Exists(shown) | Q(pk__in=outdated(KINDS.INVOICES)) | due())
    opened = opened.exclude(resting("updated_at"))
    return list(opened.select_related("hiring_firm")[:AT_ONCE])


def ready(invoice: Invoice) -> None:
    """An invoice never changes once open: both languages at once."""
    languages = [language for language, _name in settings.LANGUAGES]
    wanted = [(KINDS.INVOICES, invoice, "recruiter", language) for language in languages]
    print_ahead(KINDS.INVOICES, invoice, wanted)
