"""Erase a person, and the people of a firm that left: here is the highest app that knows any."""

import json
import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.models import User
from apps.activities.models import Activity
from apps.answers.models import Answer, AnswerSet
from apps.candidates.models import Candidate, Education, Experience
from apps.consents.models import Consent
from apps.documents.models import Document
from apps.firms.models import HiringFirm
from apps.jsonapi.models import IdempotentResponse
from apps.jsonapi.resources import type_name
from apps.messaging.models import Message
from apps.metadata.models import Metadatum
from apps.references.models import Reference

logger = logging.getLogger(__name__)

NAMELESS = "—"  # where a name must be
NOBODY = "erased.invalid"  # the domain of what stands where an email must be


@transaction.atomic
def erase(candidate: Candidate, by=None) -> None:
    """Names, addresses, words, messages and files of a candidate and of everyone who was asked.

    Rows, states, times and scores stay, so that no figure changes. Once; `by` is None for the task.
    """
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if candidate.erased_at is not None:
        return
    requests = list(candidate.reference_requests.all())
    references = list(candidate.references.all())
    verifications = list(candidate.verifications.all())
    ids = _ids(candidate, requests, references, verifications)
    traces = _traces([candidate, *references, *verifications])

    for request in requests:
        if request.is_open:
            request.cancel(by)
    for reference in references:
        reference.refresh_from_db()
        if reference.status in reference.LIVE:
            reference.end("cancelled", by)
    for verification in verifications:
        if verification.status in verification.LIVE:
            verification.cancel(by)

    Document.objects.filter(candidate=candidate).erase()
    Document.objects.filter(subject_id__in=ids).erase()
    _erase_answers(candidate)
    for reference in references:
        reference.refresh_from_db()
        _erase_person(reference, company_name="", internal_id="", call_note="")
    for verification in verifications:
        verification.refresh_from_db()
        _erase_person(verification, claimed={}, findings={}, comment="", organization="")
        if verification.document:
            file, verification.document = verification.document, ""
            verification.save(update_fields=["document"])
            transaction.on_commit(lambda file=file: file.storage.delete(file.name))
    for request in requests:
        request.refresh_from_db()
        request.notes = request.position = ""
        request.link_version += 1
        request.save()
    _erase_profile(candidate)
    _erase_person(candidate, internal_id="", notes="", erased_at=timezone.now())
    _erase_trail(candidate, ids)
    _forget(ids, traces)
    Activity.record(by, "candidate.erase", candidate, candidate=candidate)


def _ids(candidate, requests, references, verifications) -> set:
    """Everything beneath the candidate that a record may be about, and who was merged into it."""
    ids = {each.pk for each in (candidate, *requests, *references, *verifications)}
    for merged in Activity.objects.filter(candidate=candidate, key="candidate.merge"):
        ids |= {UUID(each) for each in json.loads(merged.parameters).values()}
    for rows in (
        AnswerSet.objects.filter(reference__candidate=candidate),
        Answer.objects.filter(answer_set__reference__candidate=candidate),
        Experience.objects.filter(profile__candidate=candidate),
        Education.objects.filter(profile__candidate=candidate),
    ):
        ids |= set(rows.values_list("pk", flat=True))
    return ids


def _traces(people) -> set[str]:
    """By what a stored answer or a kept message can name one of them."""
    found = set()
    for person in people:
        found |= {person.email, person.e164, person.full_name}
    return found - {""}


def _erase_person(person, **blank) -> None:
    fields = {"first_name": NAMELESS, "last_name": NAMELESS}
    fields |= {"email": "", "country_code": "", "phone": ""}
    for name, value in (fields | blank).items():
        setattr(person, name, value)
    if hasattr(person, "link_version"):
        person.link_version += 1
    person.metadatum = None
    person.save()


def _erase_answers(candidate) -> None:
    """What was said goes; the numbers on the scales stay, for the score is made of them."""
    answers = Answer.objects.filter(answer_set__reference__candidate=candidate)
    answers.update(value="", comment="", question_text="")
    AnswerSet.objects.filter(reference__candidate=candidate).update(digest="", kept=[])


def _erase_profile(candidate) -> None:
    profile = getattr(candidate, "profile", None)
    if profile is None:
        return
    profile.experiences.all().delete()
    profile.educations.all().delete()
    for name in ("title", "bio", "job_title", "industry", "street_address", "city", "province"):
        setattr(profile, name, "")
    profile.save()


def _erase_trail(candidate, ids) -> None:
    """Messages and activities stay as facts: that there was one, of what kind, when."""
    mine = Q(candidate=candidate) | Q(about_id__in=ids) | Q(recipient_id__in=ids)
    messages = Message.objects.filter(mine)
    messages.suppress("erased")
    messages.update(parameters={}, error="", candidate=candidate)
    messages.filter(recipient_id__in=ids).update(address="", name="")
    about = Q(candidate=candidate) | Q(trackable_id__in=ids) | Q(recipient_id__in=ids)
    Activity.objects.filter(about).update(parameters="{}")
    Consent.objects.filter(Q(candidate=candidate) | Q(subject_id__in=ids)).update(ip_address=None)
    Metadatum.objects.filter(Q(candidate=candidate) | Q(identifiable_id__in=ids)).delete()
    LogEntry.objects.filter(object_id__in=[str(each) for each in ids]).update(
        object_repr="", change_message=""
    )


def _forget(ids, traces: set[str]) -> None:
    """Answers stored for replay, and mails and texts kept on disk, that name one of them."""
    IdempotentResponse.objects.naming(*ids, *traces).forget()

    def unlink():
        for path in settings.MAILBOX_DIR.glob("*.json"):
            text = path.read_text()
            if any(each in text for each in traces):
                path.unlink(missing_ok=True)

    transaction.on_commit(unlink)


def expired(firm: HiringFirm):
    """Candidates whose check was over longer ago than the firm keeps them."""
    now, today = timezone.now(), timezone.localdate()
    likely = now - timedelta(days=firm.retention_months * 28)
    candidates = (
        Candidate.objects.filter(hiring_firm=firm, erased_at=None, created_at__lt=likely)
        .annotate(over_at=Coalesce(Max("reference_requests__closed_at"), "created_at"))
        .filter(over_at__lt=likely)
        .exclude(reference_requests__status__in=["created", "sent", "opened", "filled"])
    )
    return [each for each in candidates if firm.erase_on(each.over_at) <= today]


def erase_expired(firm: HiringFirm) -> None:
    """Everyone past the firm's retention; references who asked for it; people saved for nobody."""
    _each(expired(firm), erase)
    asked = timezone.now() - Reference.ERASED_WITHIN
    takers_back = Reference.objects.filter(
        hiring_firm=firm, candidate__erased_at=None, erasure_requested_at__lte=asked
    )
    _each(takers_back, lambda reference: reference.remove(None))
    likely = timezone.now() - timedelta(days=firm.retention_months * 28)
    alone = Reference.objects.filter(hiring_firm=firm, candidate=None, created_at__lt=likely)
    today = timezone.localdate()
    alone = [each for each in alone if firm.erase_on(each.created_at) <= today]
    _each(alone, lambda reference: reference.remove(None))


def _each(rows, act) -> None:
    """Each in a transaction of its own: one that goes wrong keeps no other, and waits a day."""
    for row in rows:
        try:
            with transaction.atomic():
                act(row)
        except Exception:
            logger.exception("erasure_failed", extra={"row": f"{type_name(row)}/{row.pk}"})


def erase_firm(firm: HiringFirm, by=None) -> None:
    """The people of a firm that was deleted; its issued invoices stay."""
    if firm.deleted_at is None or timezone.now() - firm.deleted_at < HiringFirm.GRACE:
        raise ValidationError("This firm can still be restored.", code="not_allowed")
    candidates = Candidate.objects.filter(hiring_firm=firm, erased_at=None)
    _each(candidates, lambda candidate: erase(candidate, by))
    alone = Reference.objects.filter(hiring_firm=firm, candidate=None)
    _each(alone, lambda reference: reference.remove(by))
    _each([firm], _erase_account)


def _erase_account(firm: HiringFirm) -> None:
    """Who worked there, and what the firm said of itself."""
    users = User.objects.filter(recruiter__hiring_firm=firm).exclude(email__endswith=f"@{NOBODY}")
    for user in users:
        traces = _traces([user])
        user.email, user.is_active = f"{user.pk}@{NOBODY}", False
        user.first_name = user.last_name = user.country_code = user.phone = ""
        user.set_unusable_password()
        user.save()
        user.end_sessions()
        Message.objects.filter(recipient_id=user.pk).update(address="", name="", parameters={})
        LogEntry.objects.filter(object_id=str(user.pk)).update(object_repr="", change_message="")
        _forget({user.pk}, traces)
    Message.objects.filter(hiring_firm=firm).update(parameters={}, error="")
    Activity.objects.filter(hiring_firm=firm).update(parameters="{}")
    Document.objects.filter(hiring_firm=firm).exclude(kind=Document.Kind.INVOICES).erase()
    if firm.logo:
        file, firm.logo = firm.logo, ""
        transaction.on_commit(lambda: file.storage.delete(file.name))
    firm.address = firm.phone = ""
    firm.save()
