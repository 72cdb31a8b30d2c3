"""Recruiters: whom a firm lets in, and what they are told."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import PasswordReset, User
from apps.activities.models import Activity
from apps.jsonapi.resources import Resource, assign
from apps.messaging import outbox
from apps.messaging.kinds import IMPORTANT
from apps.messaging.models import Message


class RecruiterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A recruiter sees itself; a root recruiter, the firm's."""
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        if recruiter.is_root:
            return self.filter(hiring_firm_id=recruiter.hiring_firm_id)
        return self.filter(pk=recruiter.pk)

    def may_work(self):
        return self.filter(is_active=True, is_active_hf=True, user__is_active=True)

    @transaction.atomic
    def create_with_user(self, *, by: "Recruiter", email: str, **fields) -> "Recruiter":
        """A colleague, invited by email to set a password. A taken email is refused in one way."""
        user = User(email=email, language=by.hiring_firm.language, **fields)
        user.create()
        recruiter = self.create(user=user, hiring_firm=by.hiring_firm)
        Activity.record(by, "recruiter.create", recruiter)
        PasswordReset.objects.request(user, welcome=True)
        return recruiter


class Recruiter(Resource):
    class Notifications(models.TextChoices):
        ALL = "all", pgettext_lazy("notifications", "All")
        IMPORTANT = "important", pgettext_lazy("notifications", "Important")
        NONE = "none", pgettext_lazy("notifications", "None")

    user = models.OneToOneField(User, models.CASCADE, related_name="recruiter")
    hiring_firm = models.ForeignKey("firms.HiringFirm", models.CASCADE, related_name="recruiters")
    is_root = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)  # on the platform: staff decide
    is_active_hf = models.BooleanField(default=True)  # for the firm: its root decides
    notifications = models.CharField(max_length=9, choices=Notifications, default=Notifications.ALL)

    objects = RecruiterQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        return self.user.full_name

    @property
    def may_work(self) -> bool:
        return self.is_active and self.is_active_hf and self.hiring_firm.is_open

    def lock(self) -> None:
        """The firm's row first: whom it lets in is looked at there."""
        self.hiring_firm.lock()
        super().lock()

    @property
    def is_last_root(self) -> bool:
        others = type(self).objects.filter(hiring_firm_id=self.hiring_firm_id, is_root=True)
        return self.is_root and not others.may_work().exclude(pk=self.pk).exists()

    def message_context(self) -> dict:
        return {
            "recruiter_name": self.full_name,
            "recruiter_first_name": self.user.first_name or self.full_name,
            "recruiter_phone": self.user.display_phone,
            "recruiter_e164": self.user.e164,
            "recruiter_email": self.user.email,
        }

    def notify(self, kind: str, about, *, key=None, candidate=None, **parameters) -> None:
        """Tell the recruiter, by their own setting: all, the important ones, or none.

        What happens to `about` a second time is told again; of one `key` there is one notice.
        """
        wanted = {
            self.Notifications.ALL: True,
            self.Notifications.IMPORTANT: kind in IMPORTANT,
            self.Notifications.NONE: False,
        }[self.notifications]
        if wanted and self.may_work:
            outbox.send(
                kind,
                to=self.user,
                about=about,
                key=key,
                ordinal=1 if key else Message.objects.next_ordinal(kind, about),
                language=self.user.language,
                candidate=candidate,
                **parameters,
            )

    @transaction.atomic
    def change(self, by: "Recruiter", *, is_active_hf: bool | None = None, **fields) -> None:
        """Notifications are the recruiter's own and the root's; who is let in, the root's."""
        if is_active_hf is not None and is_active_hf != self.is_active_hf:
            if not by.is_root:
                raise PermissionDenied(_("Only a root recruiter lets recruiters in."))
            self.archive(by, active=is_active_hf)
        if changed := assign(self, fields):
            self.save(update_fields=[*changed, "updated_at"])
            Activity.record(by, "recruiter.update", self, changed=changed)

    @transaction.atomic
    def archive(self, by: "Recruiter", *, active: bool) -> None:
        """The firm lets a recruiter in or shuts them out; the last root can't shut itself out."""
        self.hiring_firm.lock()  # two roots who shut out each other would leave none
        if not active and self.is_last_root:
            raise ValidationError(_("A firm keeps one active root recruiter."), code="last_root")
        if self.is_active_hf != active:
            self.is_active_hf = active
            self.save(update_fields=["is_active_hf", "updated_at"])
            if not active:
                self.user.end_sessions()
            Activity.record(by, "recruiter.update", self, is_active_hf=active)

    @transaction.atomic
    def set_active(self, by, *, active: bool) -> None:
        """Staff let a recruiter onto the platform or shut them out, whatever the firm decided."""
        self.is_active = active
        self.save(update_fields=["is_active", "updated_at"])
        if not active:
            self.user.end_sessions()
        Activity.record(by, "recruiter.activate" if active else "recruiter.deactivate", self)

    @transaction.atomic
    def make_root(self, by, *, root: bool) -> None:
        """Staff say who runs a firm; one active root recruiter stays."""
        self.hiring_firm.lock()
        if not root and self.is_last_root:
            raise ValidationError(_("A firm keeps one active root recruiter."), code="last_root")
        self.is_root = root
        self.save(update_fields=["is_root", "updated_at"])
        Activity.record(by, "recruiter.update", self, is_root=root)

    @transaction.atomic
    def remove(self, by: "Recruiter") -> None:
        """The login ends; candidates and references pass to the root recruiter who deletes."""
        if not by.is_root:
            raise PermissionDenied(_("Only a root recruiter deletes recruiters."))
        self.lock()
        if self.is_last_root:
            raise ValidationError(_("A firm keeps one active root recruiter."), code="last_root")
        self._lock_candidates()
        heir = by if by.pk != self.pk else self._another_root()
        Activity.record(by, "recruiter.destroy", self)
        self.candidates.update(added_by=heir)
        self.reference_requests.update(requested_by=heir)
        self.references.update(requested_by=heir)
        self.verifications.update(requested_by=heir)
        Message.objects.filter(recipient_id=self.user_id).suppress("recruiter deleted")
        self.user.delete()

    def _lock_candidates(self) -> None:
        """Of all that passes on, in one order: what is done beneath a candidate locks it first."""
        people, asked = self.candidates.model.objects, Q(added_by=self)
        for theirs in (self.reference_requests, self.references, self.verifications):
            asked |= Q(pk__in=theirs.values("candidate"))
        list(people.filter(asked).order_by("pk").select_for_update(no_key=True).values_list("pk"))

    def _another_root(self) -> "Recruiter":
        roots = (
            type(self).objects.may_work().filter(hiring_firm_id=self.hiring_firm_id, is_root=True)
        )
        return roots.exclude(pk=self.pk).first()
