"""Two rows that turn out to be one person."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.candidates.models import Candidate, Profile


@transaction.atomic
def merge(kept: Candidate, duplicate: Candidate, by) -> None:
    """Everything of `duplicate` becomes `kept`'s; what `kept` lacks is taken over; one row is left.

    ValidationError where both have an open request with one question set: cancel one first.
    """
    rows = Candidate.objects.select_for_update().order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[kept.pk, duplicate.pk])}
    if len(found) != 2:
        raise ValidationError(_("Choose another candidate."), code="invalid")
    if kept.hiring_firm_id != duplicate.hiring_firm_id:
        raise ValidationError(_("They belong to different firms."), code="invalid")
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
    Activity.record(by, "candidate.merge", kept, candidate=kept, merged=str(duplicate.pk))
    Candidate.objects.filter(pk=duplicate.pk).delete()
    kept.rescore()


def _merge_profiles(kept: Candidate, duplicate: Candidate) -> None:
    for relation in Profile._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: duplicate.pk})
        rows.update(**{relation.field.name: kept.pk})
