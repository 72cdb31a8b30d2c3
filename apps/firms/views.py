from django.utils.translation import gettext as _
from rest_framework.parsers import MultiPartParser

from apps.firms.models import HiringFirm
from apps.firms.serializers import HiringFirmSerializer
from apps.jsonapi.errors import Problem
from apps.jsonapi.permissions import RootWrites
from apps.jsonapi.views import ResourceViews, Scoped


class HiringFirmViews(ResourceViews):
    queryset = HiringFirm.objects.all()
    serializer_class = HiringFirmSerializer
    permission_classes = [RootWrites]
    sortable = {"created_at": "created_at", "name": "name"}
    ordering = ("created_at",)

    def change(self, firm, values):
        firm.change(self.request.user.recruiter, **values)

    def remove(self, firm):
        firm.remove(self.request.user.recruiter)


class Upload(MultiPartParser):
    """A form with a file."""

    def takes(self, parameters: dict) -> bool:
        return True


class LogoView(Scoped):
    queryset = HiringFirm.objects.all()
    serializer_class = HiringFirmSerializer
    permission_classes = [RootWrites]
    parser_classes = [Upload]
    files = True

    def fingerprint(self) -> bytes:
        upload = self.request.data.get("logo_file")
        return b"".join(upload.chunks()) if hasattr(upload, "chunks") else b""

    def patch(self, request, pk):
        firm = self.get_object()
        upload = request.FILES.get("logo_file")
        if upload is None:
            raise Problem(422, "required", _("Send the picture as logo_file."))
        firm.change_logo(request.user.recruiter, upload)
        return self.answer_one()
