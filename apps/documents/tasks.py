import logging

from celery import shared_task
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from apps.accounts.models import User
from apps.candidates.models import Candidate
from apps.documents import actions
from apps.documents.models import Document
from apps.documents.sweep import ready, refresh, renew, stale, unready, unseen
from apps.firms.models import HiringFirm

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def render_stale():
    """Forget what was deleted; render ahead what readers will ask for, so that nobody waits."""
    Document.objects.orphans().erase()
    for request in stale():
        refresh(request)
    for candidate in unseen():
        renew(candidate)
    for invoice in unready():
        ready(invoice)


@shared_task(ignore_result=True)
def erase_expired():
    """Whoever is past their firm's retention, and the people of firms that left a month ago."""
    here = HiringFirm.objects.filter(deleted_at=None)
    gone = HiringFirm.objects.filter(deleted_at__lt=timezone.now() - HiringFirm.GRACE)
    people = Candidate.objects.filter(hiring_firm=OuterRef("pk"), erased_at=None)
    users = User.objects.filter(recruiter__hiring_firm=OuterRef("pk")).exclude(
        email__endswith=f"@{actions.NOBODY}"
    )
    gone = gone.filter(Q(Exists(people)) | Q(Exists(users)))
    for firms, erase in ((here, actions.erase_expired), (gone, actions.erase_firm)):
        for firm in firms:
            try:
                erase(firm)
            except Exception:  # one firm's trouble does not keep the others' people
                logger.exception("erasure_failed", extra={"firm": str(firm.pk)})
