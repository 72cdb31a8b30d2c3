"""A new firm and the person who runs it, in one form."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.firms.models import HiringFirm
from apps.recruiters.actions import onboard

FIRM = ("name", "language", "time_zone", "address", "reminder_interval_days", "retention_months")
ROOT = ("first_name", "last_name", "email", "country_code", "phone")


class OnboardingForm(forms.ModelForm):
    first_name = forms.CharField(label=gettext_lazy("first name"), max_length=100)
    last_name = forms.CharField(label=gettext_lazy("last name"), max_length=100)
    email = forms.EmailField(label=gettext_lazy("email"))
    country_code = forms.CharField(
        label=gettext_lazy("country code"), max_length=3, required=False, initial="1"
    )
    phone = forms.CharField(label=gettext_lazy("phone"), max_length=20, required=False)

    class Meta:
        model = HiringFirm
        fields = FIRM


def onboard_firm(request, site):
    if not request.user.has_perm("firms.add_hiringfirm"):
        raise PermissionDenied
    form = OnboardingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            firm = onboard(
                request.user,
                firm={name: data[name] for name in FIRM},
                root={name: data[name] for name in ROOT},
            )
        except ValidationError as error:
            form.add_error(None, error)  # a dictionary names its fields
        else:
            messages.success(
                request,
                _("%(firm)s is here; the invitation to %(email)s is on its way.")
                % {"firm": firm, "email": data["email"]},
            )
            return HttpResponseRedirect(reverse("admin:firms_hiringfirm_change", args=[firm.pk]))
    context = site.each_context(request) | {
        "title": _("Onboard a firm"),
        "form": form,
        "groups": [
            (_("The firm"), [form[name] for name in FIRM]),
            (_("Who runs it"), [form[name] for name in ROOT]),
        ],
    }
    return TemplateResponse(request, "admin/onboard.html", context)
