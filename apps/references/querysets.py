"""Who sees which requests and references, and which of them are open, waiting or live."""

from django.db.models import Prefetch, Q

from apps.candidates.models import OwnedQuerySet
from apps.jsonapi.fold import SearchableQuerySet
from apps.reminders.models import RemindableQuerySet


class ReferenceRequestQuerySet(OwnedQuerySet, RemindableQuerySet):
    to_candidate = "candidate"

    def visible_to(self, user):
        """As for candidates; a candidate's link shows its own request, a reference's its own."""
        target = getattr(user, "target", None)
        if target is not None:
            own = isinstance(target, self.model)
            return self.filter(
                pk=target.pk if own else getattr(target, "reference_request_id", None)
            )
        return super().visible_to(user)

    def open(self):
        return self.filter(status__in=self.model.OPEN)

    def waiting(self):
        return self.filter(status__in=self.model.WAITING)

    def with_held_back(self):
        """Open, with somebody to whom nobody wrote, though the firm waits for no consent now."""
        saved = self.open().filter(references__status="created")
        return saved.filter(
            hiring_firm__contact_after_consent=False,
            hiring_firm__is_active=True,
            hiring_firm__deleted_at=None,
        ).distinct()

    def newest_open(self, candidate):
        return self.filter(candidate=candidate).open().order_by("-created_at", "-id").first()


class ReferenceQuerySet(SearchableQuerySet, RemindableQuerySet):
    def maybe_due(self):
        requests = self.model._meta.get_field("reference_request").related_model.objects
        without = Prefetch("reference_request", requests.defer("questions"))
        return super().maybe_due().prefetch_related(without)

    def visible_to(self, user):
        """A recruiter sees own candidates' references and unattached ones they saved themselves."""
        target = getattr(user, "target", None)
        if target is not None:
            return self.filter(pk=target.pk if isinstance(target, self.model) else None)
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        firm = self.filter(hiring_firm_id=recruiter.hiring_firm_id)
        if recruiter.is_root:
            return firm
        return firm.filter(
            Q(candidate__added_by=recruiter) | Q(candidate=None, requested_by=recruiter)
        )

    def waiting(self):
        """Invited, and their answer still to come."""
        return self.filter(status__in=self.model.WAITING)

    def live(self):
        return self.filter(status__in=self.model.LIVE)

    def reopened(self):
        """Answered once, and open to be answered again."""
        return self.filter(status__in=self.model.CONTACTED, reopened_at__isnull=False)

    def counted(self):
        """Named and not fallen out."""
        return self.exclude(status__in=self.model.FALLEN_OUT)

    def unasked(self):
        """Saved for a candidate before there was a request."""
        return self.filter(status=self.model.Status.CREATED, reference_request=None)
