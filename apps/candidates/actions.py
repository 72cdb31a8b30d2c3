"""Two rows that turn out to be one person."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.candidates.models import Candidate, Profile
from apps.messaging.models import Message


@transaction.atomic
def merge(kept: Candidate, duplicate: Candidate, by) -> None:
    """Everything of `duplicate` becomes `kept`'s; what `kept` lacks is taken over; one row is left.

    An open request of one who is written to elsewhere from now on is sent there. ValidationError
    where both have an open request with one question set: cancel one first.
    """
    rows = Candidate.objects.select_for_update().order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[kept.pk, duplicate.pk])}
    if len(found) != 2:
        raise ValidationError(_("Choose another candidate."), code="invalid")
    kept, duplicate = found[kept.pk], found[duplicate.pk]  # as they are by now
    if kept.erased_at or duplicate.erased_at:
        raise ValidationError(_("One of them was erased."), code="invalid")
    if kept.hiring_firm_id != duplicate.hiring_firm_id:
        raise ValidationError(_("They belong to different firms."), code="invalid")
    written_to = {
        request.pk: (person.email, person.e164)
        for person in (kept, duplicate)
        for request in person.reference_requests.all()
    }
    for relation in Candidate._meta.related_objects:
        if relation.related_model is Profile:
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: duplicate.pk})
        try:
            with transaction.atomic():
                rows.update(**{relation.field.name: kept.pk})
        except IntegrityError as error:
            raise ValidationError(
                _("Both have an open request with the same question set. Cancel one first."),
                code="request_open",
            ) from error
    _merge_profiles(kept, duplicate)
    for name in ("email", "phone", "internal_id", "notes", "language"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(duplicate, name))
            if name == "phone":
                kept.country_code = duplicate.country_code
    kept.save()
    Message.objects.filter(recipient_id=duplicate.pk).update(recipient_id=kept.pk)
    for request in kept.reference_requests.all():
        if written_to[request.pk] != (kept.email, kept.e164):
            request.address_changed()
    Activity.record(by, "candidate.merge", kept, candidate=kept, merged=str(duplicate.pk))
    Candidate.objects.filter(pk=duplicate.pk).delete()
    kept.rescore()


def _merge_profiles(kept: Candidate, duplicate: Candidate) -> None:
    for relation in Profile._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: duplicate.pk})
        rows.update(**{relation.field.name: kept.pk})
