"""The staff's admin site: its addresses, its order, and who gets in."""

from functools import partial, wraps

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from apps.staff import two_factor
from apps.staff.columns import READER
from vitay import dashboard, finding, onboarding, previews

# In the order of a working day; what is not named here comes last.
SECTIONS = [
    (_("Checks"), ["candidate", "referencerequest", "reference", "verification", "answerset"]),
    (_("Messages"), ["message", "optout", "reminder"]),
    (_("Firms"), ["hiringfirm", "recruiter"]),
    (_("Questions"), ["questionset", "question"]),
    (_("Money"), ["invoice"]),
    (_("Records"), ["document", "failedrender", "activity", "consent", "metadatum", "profile"]),
    (_("Access"), ["user", "accessattempt", "accesslog"]),
]


class AdminSite(admin.AdminSite):
    site_title = site_header = "Vitay"
    index_title = _("Today")
    index_template = "admin/today.html"
    site_url = None
    enable_nav_sidebar = True
    empty_value_display = "–"

    def has_permission(self, request):
        """Active staff, and with their second step done."""
        return super().has_permission(request) and not two_factor.needs_code(request.user)

    def login(self, request, extra_context=None):
        user = request.user
        if user.is_staff and user.is_active and two_factor.needs_code(user):
            to = {"next": request.GET.get("next") or reverse("admin:index")}
            return HttpResponseRedirect(reverse("admin:two_factor", query=to))
        return super().login(request, extra_context)

    def get_urls(self):
        def mine(view):
            return self.admin_view(partial(_for_site, view, self))

        def half(view):  # for who has only done the first step
            return partial(_for_site, view, self)

        return [
            path("two-factor/", half(two_factor.second_step), name="two_factor"),
            path("two-factor/setup/", half(two_factor.setup), name="two_factor_setup"),
            path("two-factor/codes/", mine(two_factor.recovery_codes), name="two_factor_codes"),
            path("language/", set_language, name="language"),
            path("find/", mine(finding.find), name="find"),
            path("onboard/", mine(onboarding.onboard_firm), name="onboard"),
            path("as/<slug:kind>/<uuid:pk>/", mine(previews.as_respondent), name="as_respondent"),
            path("as/<slug:kind>/<uuid:pk>/page/", mine(previews.respondents_page), name="as_page"),
            path("report/<slug:kind>/<uuid:pk>/", mine(previews.report), name="report"),
            path("report/<slug:kind>/<uuid:pk>/pdf/", mine(previews.report_pdf), name="report_pdf"),
            path("kept/<uuid:pk>/", mine(previews.kept), name="kept"),
            *super().get_urls(),
        ]

    def admin_view(self, view, cacheable=False):
        """What is missing or not for this reader is said within the admin, with a way back."""
        opened = super().admin_view(view, cacheable)

        @wraps(opened)
        def answered(request, *args, **kwargs):
            reader = READER.set(request.user)  # until the page is made: links ask who reads
            try:
                answer = opened(request, *args, **kwargs)
                return answer.render() if isinstance(answer, TemplateResponse) else answer
            except (Http404, PermissionDenied, DisallowedModelAdminLookup) as refusal:
                if not self.has_permission(request):
                    raise
                return self._refuse(request, 404 if isinstance(refusal, Http404) else 403)
            finally:
                READER.reset(reader)

        return answered

    def _refuse(self, request, status: int):
        title = _("This page does not exist") if status == 404 else _("This page is not for you")
        context = self.each_context(request) | {"title": title, "missing": status == 404}
        return TemplateResponse(request, "admin/refused.html", context, status=status)

    def index(self, request, extra_context=None):
        return super().index(request, (extra_context or {}) | dashboard.today(request))

    def app_index(self, request, app_label, extra_context=None):
        """What there is stands on the first page, by what the work is about."""
        return HttpResponseRedirect(reverse("admin:index"))

    def get_app_list(self, request, app_label=None):
        """By what the work is about, and not by which app holds it."""
        if app_label:
            return super().get_app_list(request, app_label)
        models = {}
        for app in super().get_app_list(request):
            for model in app["models"]:
                models[model["object_name"].lower()] = model
        sections = [
            {
                "name": name,
                "app_label": f"section-{number}",
                "app_url": reverse("admin:index"),
                "has_module_perms": True,
                "models": [models.pop(each) for each in names if each in models],
            }
            for number, (name, names) in enumerate(SECTIONS)
        ]
        return [section for section in sections if section["models"]]


def _for_site(view, site, request, *args, **kwargs):
    return view(request, site, *args, **kwargs)
