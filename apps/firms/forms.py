"""A firm's settings as staff edit them."""

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.firms.models import HiringFirm
from apps.firms.relationships import validate_relationships


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


class RelationshipsField(forms.CharField):
    """One relationship a line: key, English, French, and `manager` for who managed."""

    widget = forms.Textarea(attrs={"rows": 8, "cols": 90, "spellcheck": "false"})

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        lines = []
        for each in value:
            ends = ["manager"] if each["is_manager"] else []
            lines.append(" | ".join([each["key"], each["en"], each["fr"], *ends]))
        return "\n".join(lines)

    def to_python(self, value):
        found = []
        for line in (value or "").splitlines():
            parts = [part.strip() for part in line.split("|")]
            if not line.strip():
                continue
            if len(parts) not in (3, 4) or not all(parts) or parts[3:] not in ([], ["manager"]):
                raise ValidationError(
                    _("Write each line as: key | English | French | manager. The last is optional.")
                )
            key, english, french = parts[:3]
            found.append({"key": key, "en": english, "fr": french, "is_manager": len(parts) == 4})
        return found

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != self.prepare_value(self.to_python(data))

    def validate(self, value):
        validate_relationships(value)

    def run_validators(self, value):
        """A list has no maximum of characters."""


class HiringFirmForm(forms.ModelForm):
    allowed_countries = CountriesField(
        label=gettext_lazy("countries we may text"), help_text=gettext_lazy("CA, US, FR …")
    )
    relationships = RelationshipsField(
        label=gettext_lazy("relationships"),
        help_text=gettext_lazy("One a line: key | English | French | manager"),
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
        }
