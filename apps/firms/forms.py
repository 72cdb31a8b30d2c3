"""A firm's settings as staff edit them."""

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.firms.models import HiringFirm

ZONES = [
    "America/Toronto", "America/Montreal", "America/Halifax", "America/St_Johns",
    "America/Winnipeg", "America/Regina", "America/Edmonton", "America/Vancouver",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "Europe/London", "Europe/Paris", "UTC",
]  # fmt: skip


class CountriesField(forms.CharField):
    """A list of countries written as CA, US, FR."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        codes = [code.strip().upper() for code in (value or "").replace(";", ",").split(",")]
        codes = [code for code in codes if code]
        unknown = [code for code in codes if code not in phonenumbers.SUPPORTED_REGIONS]
        if unknown or not codes:
            raise ValidationError(_("Enter countries by two letters, such as CA, US."))
        return codes

    def has_changed(self, initial, data):
        return initial != self.to_python(data)

    def validate(self, value):
        """to_python has done it."""

    def run_validators(self, value):
        """A list has no maximum of characters."""


class HiringFirmForm(forms.ModelForm):
    allowed_countries = CountriesField(
        label=gettext_lazy("countries we may text"), help_text=gettext_lazy("CA, US, FR …")
    )
    logo_file = forms.FileField(
        required=False,
        label=gettext_lazy("new logo"),
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 2 MB."),
    )

    class Meta:
        model = HiringFirm
        fields = "__all__"
        widgets = {
            "colour": forms.TextInput(attrs={"type": "color"}),
            "time_zone": forms.TextInput(attrs={"list": "zones"}),
        }
