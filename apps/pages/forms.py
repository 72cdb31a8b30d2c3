"""What people type on the pages, and the models' objections beside the fields they are about."""

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import LONGEST_PASSWORD

# Calling codes by name; what is not here can be typed with its + and code.
COUNTRIES = [
    ("CA", _("Canada")),
    ("US", _("United States")),
    ("FR", _("France")),
    ("BE", _("Belgium")),
    ("CH", _("Switzerland")),
    ("GB", _("United Kingdom")),
    ("MA", _("Morocco")),
    ("DZ", _("Algeria")),
    ("TN", _("Tunisia")),
    ("HT", _("Haiti")),
    ("MX", _("Mexico")),
    ("IN", _("India")),
    ("LB", _("Lebanon")),
    ("SN", _("Senegal")),
]
OTHER = ("", _("Another country"))


class Day(forms.DateField):
    """A day by the browser's own calendar; as text where it has none."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        widget = forms.DateInput(attrs={"type": "date", "min": "1940-01-01"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)
        self.error_messages["invalid"] = _("Enter a date such as 2021-05-31.")


class Form(forms.Form):
    """Errors are read out with their field; labels are in our words."""

    use_required_attribute = False  # our words rather than the browser's, in the page's language
    WORDS: dict = {}  # what to say where a field is empty, or chosen wrongly

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="%s", label_suffix="", **kwargs)
        for name, words in self.WORDS.items():
            for kind in ("required", "invalid", "invalid_choice"):
                self.fields[name].error_messages[kind] = words

    def blame(self, error: ValidationError) -> None:
        """Put a model's objections where the person can mend them."""
        found = error.error_dict if hasattr(error, "error_dict") else {None: [error]}
        for name, errors in found.items():
            where = name if name in self.fields else None
            for each in errors:
                if not self.has_error(where) or where is None:
                    self.add_error(where, each.messages)

    @property
    def faults(self) -> list[dict]:
        """For the summary above the form: each with the field it leads to."""
        found = [{"to": "", "message": each} for each in self.non_field_errors()]
        for field in self:
            for message in field.errors:
                first = f"{field.auto_id}_0" if _is_group(field) else field.auto_id
                found.append({"to": first, "message": message})
        return found


def _is_group(field) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


class AddressForm(Form):
    """Where we write to somebody."""

    email = forms.CharField(
        label=_("Email"),
        max_length=254,
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "email",
                "inputmode": "email",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )
    country = forms.ChoiceField(
        label=_("Country of the phone"), choices=[*COUNTRIES, OTHER], required=False
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].initial = settings.DEFAULT_PHONE_REGION

    def clean(self):
        given = super().clean()
        if not given.get("email") and not given.get("phone") and not self.has_error("email"):
            self.add_error("email", _("Enter an email or a phone."))
        return given

    def address(self) -> dict:
        given = self.cleaned_data
        return {
            "email": given["email"].strip(),
            "country_code": given["country"] if given["phone"] else "",
            "phone": given["phone"],
        }

    @staticmethod
    def address_of(person) -> dict:
        country = settings.DEFAULT_PHONE_REGION
        if person.phone:
            number = phonenumbers.parse(person.e164)
            known = phonenumbers.region_code_for_number(number)
            if number.country_code != 1 or known:
                country = known if known in dict(COUNTRIES) else ""
        return {"email": person.email, "country": country, "phone": person.display_phone}


class NamedForm(AddressForm):
    """Somebody whom the candidate names."""

    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100)
    relationship = forms.ChoiceField(
        label=_("How did you work together?"), widget=forms.RadioSelect
    )
    company_name = forms.CharField(label=_("Where?"), max_length=200, required=False)
    started_on = Day(label=_("From"))
    ended_on = Day(label=_("Until"))
    contact = forms.ChoiceField(
        label=_("How should we write?"),
        choices=[
            ("both", _("By email and text message")),
            ("email", _("By email only")),
            ("text", _("By text message only")),
        ],
        widget=forms.RadioSelect,
        initial="both",
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Which language suits this person?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    told = forms.BooleanField(label=_("This person knows that I am giving their name."))
    field_order = [
        "first_name",
        "last_name",
        "relationship",
        "company_name",
        "started_on",
        "ended_on",
        "email",
        "country",
        "phone",
        "contact",
        "language",
        "told",
    ]
    WORDS = {
        "first_name": _("Enter the first name."),
        "last_name": _("Enter the last name."),
        "relationship": _("Choose how you worked together."),
        "language": _("Choose a language."),
        "told": _("Tell this person first, then tick the box."),
    }

    def __init__(self, *args, firm, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["relationship"].choices = relationships(firm)
        for name in ("first_name", "last_name", "company_name"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def named(self) -> dict:
        """The columns of the reference."""
        given = self.cleaned_data
        same = ("first_name", "last_name", "relationship", "company_name", "language")
        return self.address() | {
            **{name: given[name].strip() for name in same},
            "started_on": given["started_on"],
            "ended_on": given["ended_on"],
            "contact_type": given["contact"] or "both",
        }


class ExperienceForm(Form):
    job_title = forms.CharField(label=_("Your job"), max_length=200)
    company_name = forms.CharField(label=_("Employer"), max_length=200)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    started_on = Day(label=_("From"))
    ended_on = Day(label=_("Until"))
    WORDS = {"job_title": _("Enter your job."), "company_name": _("Enter the employer.")}


class EducationForm(Form):
    degree = forms.CharField(label=_("Diploma or programme"), max_length=200)
    field_of_study = forms.CharField(label=_("Field of study"), max_length=200, required=False)
    school_name = forms.CharField(label=_("School"), max_length=200)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    started_on = Day(label=_("From"))
    ended_on = Day(label=_("Until"))
    WORDS = {
        "degree": _("Enter the diploma or programme."),
        "school_name": _("Enter the school."),
    }


class TieForm(Form):
    """How the reference knows the candidate, in the reference's words."""

    relationship = forms.ChoiceField(widget=forms.RadioSelect)
    started_on = Day(label=_("From"))
    ended_on = Day(label=_("Until"))
    WORDS = {"relationship": _("Choose how you worked together.")}

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["relationship"].choices = choices


class CallForm(Form):
    note = forms.CharField(
        label=_("When, and at what number?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class VerifierForm(Form):
    """What a verifier sends: what is right of each claimed field, a word and a picture."""

    comment = forms.CharField(required=False)
    document = forms.FileField(required=False, allow_empty_file=True)

    def __init__(self, *args, claimed=(), **kwargs):
        super().__init__(*args, **kwargs)
        for name in claimed:
            self.fields[name] = forms.CharField(required=False)
            self.fields[f"{name}_is"] = forms.CharField(required=False)


class PasswordForm(Form):
    password = forms.CharField(
        label=_("New password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    WORDS = {
        "password": _("Enter a password."),
        "again": _("Enter the password a second time."),
    }

    def clean(self):
        given = super().clean()
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        return given


class ResetForm(Form):
    email = forms.EmailField(
        label=_("Your email"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    WORDS = {"email": _("Enter your email address.")}


def relationships(firm) -> list[tuple[str, str]]:
    """The firm's list, as the candidate says it."""
    language = get_language()
    return [(each["key"], each[language]) for each in firm.relationships]
