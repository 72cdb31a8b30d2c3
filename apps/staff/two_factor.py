"""The second step of signing in to the admin: a code from a phone, or a recovery code."""

from base64 import b32encode

import segno
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp import devices_for_user, login, match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "none"}
        ),
    )

    def clean_code(self):
        return self.cleaned_data["code"].replace(" ", "").lower()


def has_devices(user) -> bool:
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def needs_code(user) -> bool:
    """Whether this signed-in member of staff still owes the second step."""
    if user.is_verified():
        return False
    if settings.STAFF_TWO_FACTOR:
        return True
    if not hasattr(user, "_has_devices"):
        user._has_devices = has_devices(user)
    return user._has_devices


@transaction.atomic
def forget_devices(user, by) -> None:
    """Lost phone: all codes end; the next sign-in sets up new ones."""
    for device in devices_for_user(user, confirmed=None):
        device.delete()
    user.sign_out_everywhere(by)
    record(by, "user.two_factor_reset", user)


def record(by, key: str, user) -> None:
    apps.get_model("activities.Activity").record(by, key, user)


def second_step(request, site):
    """Ask for a code; who has no device yet sets one up."""
    if not request.user.is_active or not request.user.is_staff:
        return HttpResponseRedirect(reverse("admin:login"))
    if request.user.is_verified():
        return HttpResponseRedirect(_next(request))
    if not has_devices(request.user):
        return HttpResponseRedirect(reverse("admin:two_factor_setup"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = match_token(request.user, form.cleaned_data["code"])  # throttled by the device
        if device is not None:
            login(request, device)
            if isinstance(device, StaticDevice):
                left = device.token_set.count()
                messages.warning(request, _("%(n)d recovery codes are left.") % {"n": left})
            return HttpResponseRedirect(_next(request))
        form.add_error("code", _("This code is wrong or has been used. Wait for the next one."))
    return _page(request, site, "admin/two_factor.html", form=form, title=_("Enter the code"))


def setup(request, site):
    """A new device: shown as a QR code, good once a code from it was right."""
    user = request.user
    if not user.is_active or not user.is_staff or needs_more(user):
        return HttpResponseRedirect(reverse("admin:login"))
    mine = TOTPDevice.objects.filter(user=user)  # two visits at once may have made two
    device = mine.filter(confirmed=False).order_by("pk").first()
    device = device or mine.create(user=user, name="phone", confirmed=False)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["code"]):
            with transaction.atomic():
                mine.exclude(pk=device.pk).delete()
                device.confirmed = True
                device.save()
                codes = new_recovery_codes(user)
                record(user, "user.two_factor_setup", user)
            login(request, device)
            return _codes_page(request, site, codes)
        form.add_error("code", _("This code is wrong. Check the clock of the phone."))
    return _page(
        request,
        site,
        "admin/two_factor_setup.html",
        form=form,
        title=_("Set up two-factor sign-in"),
        qr=segno.make(device.config_url).svg_inline(
            scale=5, dark="#000", light="#fff", omitsize=False
        ),
        secret=b32encode(device.bin_key).decode(),
    )


def recovery_codes(request, site):
    """New recovery codes, for who is fully signed in; the old ones end."""
    if not request.user.is_verified():
        return HttpResponseRedirect(reverse("admin:login"))
    if request.method == "POST":
        record(request.user, "user.recovery_codes", request.user)
        return _codes_page(request, site, new_recovery_codes(request.user))
    left = StaticToken.objects.filter(device__user=request.user).count()
    return _page(request, site, "admin/two_factor_codes.html", left=left, title=_("Recovery codes"))


def needs_more(user) -> bool:
    """Who has a device must have used it before adding another."""
    return has_devices(user) and not user.is_verified()


def new_recovery_codes(user) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _codes_page(request, site, codes):
    return _page(
        request, site, "admin/two_factor_codes.html", codes=codes, title=_("Recovery codes")
    )


def _page(request, site, template, **context):
    context = site.each_context(request) | context | {"next": _next(request)}
    response = TemplateResponse(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


def _next(request) -> str:
    to = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    return to if safe else reverse("admin:index")
