from apps.firms.models import HiringFirm
from apps.firms.serializers import HiringFirmSerializer
from apps.jsonapi.permissions import RootWrites
from apps.jsonapi.views import ResourceViews, Scoped, Uploads, form


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


class LogoView(Uploads, Scoped):
    queryset = HiringFirm.objects.all()
    serializer_class = HiringFirmSerializer
    permission_classes = [RootWrites]
    described = {"patch": {"form": form("logo_file")}}

    def patch(self, request, pk):
        firm = self.get_object()
        firm.change_logo(request.user.recruiter, self.upload("logo_file"))
        return self.answer_one()
