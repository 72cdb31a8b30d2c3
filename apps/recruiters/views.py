from django.utils.translation import gettext as _

from apps.jsonapi.errors import Problem
from apps.jsonapi.permissions import RootOnly
from apps.jsonapi.views import ResourceViews
from apps.recruiters.filters import RecruiterFilters
from apps.recruiters.models import Recruiter
from apps.recruiters.serializers import InvitationSerializer, RecruiterSerializer


class RecruiterViews(ResourceViews):
    queryset = Recruiter.objects.all()
    serializer_class = RecruiterSerializer
    filterset_class = RecruiterFilters
    sortable = {"created_at": "created_at"}
    ordering = ("created_at",)

    def change(self, recruiter, values):
        recruiter.change(self.request.user.recruiter, **values)

    def remove(self, recruiter):
        recruiter.remove(self.request.user.recruiter)


class InvitationViews(RecruiterViews):
    """A recruiter with a user, from a root recruiter: an email, and our own firm or none named."""

    permission_classes = [RootOnly]
    described = {"create": {"request": InvitationSerializer}}

    def create(self, request):
        values = self.read(serializer_class=InvitationSerializer)
        by = request.user.recruiter
        if values.pop("hiring_firm_id", str(by.hiring_firm_id)) != str(by.hiring_firm_id):
            raise Problem(404, "not_found", _("Not found."), field="hiring_firm_id")
        return self.created(Recruiter.objects.create_with_user(by=by, **values))
