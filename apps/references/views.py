from django.utils.translation import gettext as _
from rest_framework.permissions import IsAuthenticated

from apps.jsonapi.views import ResourceViews
from apps.messaging.views import MessageViews
from apps.references.filters import ReferenceFilters, ReferenceRequestFilters
from apps.references.models import Reference, ReferenceRequest
from apps.references.serializers import (
    ExtensionSerializer,
    FullReferenceSerializer,
    FullRequestSerializer,
    OwnRequestSerializer,
    ReferenceRequestSerializer,
    ReferenceSerializer,
    SubstituteSerializer,
)


class BriefLists:
    """A list's rows go without the questions."""

    def get_serializer_class(self):
        found, listed = super().get_serializer_class(), self.action == "list"
        return self.listed_serializer if listed and found is self.serializer_class else found


class ReferenceRequestViews(BriefLists, ResourceViews):
    queryset = ReferenceRequest.objects.all()
    serializer_class = FullRequestSerializer
    filterset_class = ReferenceRequestFilters
    sortable = {
        "created_at": "created_at",
        "updated_at": "updated_at",
        "sent_at": "sent_at",
        "expires_at": "expires_at",
    }
    listed_serializer = ReferenceRequestSerializer
    described = {"extend": {"request": ExtensionSerializer, "names_id": True, "optional": True}}

    def add(self, values):
        return ReferenceRequest(**values).create(self.request.user.recruiter)

    def change(self, reference_request, values):
        reference_request.change(self.request.user.recruiter, **values)

    def cancel(self, request, pk):
        self.get_object().cancel(request.user.recruiter)
        return self.answer_one()

    def conclude(self, request, pk):
        self.get_object().conclude(request.user.recruiter)
        return self.answer_one()

    def reopen(self, request, pk):
        self.get_object().reopen(request.user.recruiter)
        return self.answer_one()

    def extend(self, request, pk):
        found = self.get_object()
        values = (
            self.read(serializer_class=ExtensionSerializer, key=pk)
            if "data" in request.data
            else {}
        )
        found.extend(request.user.recruiter, **values)
        return self.answer_one()


class PublicReferenceRequestViews(ReferenceRequestViews):
    """The same; a link shows its holder's own request and can create none."""

    other_serializers = (OwnRequestSerializer,)

    def get_permissions(self):
        return [IsAuthenticated()] if self.action == "list" else super().get_permissions()


class ReferenceViews(BriefLists, ResourceViews):
    queryset = Reference.objects.all()
    serializer_class = FullReferenceSerializer
    listed_serializer = ReferenceSerializer
    filterset_class = ReferenceFilters
    sortable = {
        "created_at": "created_at",
        "updated_at": "updated_at",
        "first_name": "first_name",
        "last_name": "last_name",
        "filled_at": "filled_at",
        "score": "score",
    }
    described = {"replace": {"request": SubstituteSerializer, "creates": True}}

    def missing(self):
        return _("Invalid Reference")

    def add(self, values):
        return Reference(**values).create(self.request.user.recruiter)

    def change(self, reference, values):
        reference.change(self.request.user.recruiter, **values)

    def remove(self, reference):
        reference.remove(self.request.user.recruiter)

    def approve(self, request, pk):
        """The review lets it be contacted."""
        self.get_object().approve(request.user.recruiter)
        return self.answer_one()

    def cancel(self, request, pk):
        """Also how a review refuses: nobody writes to it."""
        self.get_object().cancel(request.user.recruiter)
        return self.answer_one()

    def reopen(self, request, pk):
        """The reference may change its answers again."""
        self.get_object().reopen(request.user.recruiter)
        return self.answer_one()

    def replace(self, request, pk):
        """Another person in the place of this one."""
        silent = self.get_object()
        values = self.read(serializer_class=SubstituteSerializer)
        return self.created(silent.replace(request.user.recruiter, **values))


class MessagesOf(MessageViews):
    """The messages about one request or reference, with what became of them."""

    targets = Reference.objects.all()

    def get_queryset(self):
        seen = self.targets.all().visible_to(self.request.user)
        return super().get_queryset().about(self._seen(seen))
