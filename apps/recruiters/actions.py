"""A firm begins: its first recruiter runs it, and is invited to choose a password."""

from django.db import transaction

from apps.accounts.models import PasswordReset, User
from apps.activities.models import Activity
from apps.firms.models import HiringFirm
from apps.recruiters.models import Recruiter


@transaction.atomic
def onboard(by, *, firm: dict, root: dict) -> HiringFirm:
    """A firm with its root recruiter, who gets the welcome email. ValidationError names a field."""
    created = HiringFirm(**firm)
    created.full_clean(exclude=["logo"])
    created.save()
    user = User(language=created.language, **root)
    user.create()
    recruiter = Recruiter.objects.create(user=user, hiring_firm=created, is_root=True)
    Activity.record(by, "hiring_firm.create", created)
    Activity.record(by, "recruiter.create", recruiter)
    PasswordReset.objects.request(user, welcome=True)
    return created
