"""Someone we can write to: names, email, phone."""

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumbers import PhoneNumberType, number_type

# Line breaks and angle brackets in a name could smuggle a second recipient into a header.
name_validator = RegexValidator(
    r"[\x00-\x1f\x7f<>]", gettext_lazy("A name can't hold this character."), "invalid", True
)

# Signs that turn the direction of writing come along unseen with what is pasted; around a name in
# somebody else's sentence they turn that, too.
UNSEEN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])

# Twilio's codes for a number that takes no texts, refused at once or said by a carrier later. What
# else it objects to is our account, our own number or our address, and no word on the reader's.
DEAD_NUMBER = frozenset(["21211", "21265", "21614", "21635", "30003", "30004", "30005", "30006"])


class Person(models.Model):
    """Names and addresses, normalised: the email in lower case, the phone as national digits."""

    first_name = models.CharField(max_length=100, validators=[name_validator])
    last_name = models.CharField(max_length=100, validators=[name_validator])
    email = models.EmailField(blank=True)
    country_code = models.CharField(max_length=3, blank=True)
    phone = models.CharField(max_length=15, blank=True)

    class Meta:
        abstract = True

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def e164(self) -> str:
        return f"+{self.country_code}{self.phone}" if self.phone else ""

    @property
    def display_phone(self) -> str:
        """514 555-0142 as people write it here; the international form elsewhere."""
        if not self.phone:
            return ""
        number = phonenumbers.parse(self.e164)
        if number.country_code == 1:
            area, exchange, line = self.phone[:3], self.phone[3:6], self.phone[6:]
            return f"{area} {exchange}-{line}"
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    def clean_fields(self, exclude=None):
        """Normalise first: what people type has spaces and brackets. All errors at once."""
        wrong = {}
        self.first_name = self.first_name.translate(UNSEEN)
        self.last_name = self.last_name.translate(UNSEEN)
        try:
            self.clean_addresses()
        except ValidationError as error:
            wrong = error.update_error_dict(wrong)
        try:
            super().clean_fields({*(exclude or ()), *wrong})
        except ValidationError as error:
            wrong = error.update_error_dict(wrong)
        if wrong:
            raise ValidationError(wrong)

    def clean_addresses(self):
        """Normalise email and phone; ValidationError names the field."""
        self.email = normalize_email(self.email)
        self.country_code, self.phone = normalize_phone(self.country_code, self.phone)


def normalize_email(email: str) -> str:
    email = (email or "").strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise ValidationError(
                {"email": ValidationError(error.messages, code="invalid")}
            ) from error
    return email


def normalize_phone(country_code: str, phone: str) -> tuple[str, str]:
    """(`1`, `5145550142`) from `1`, `+1` or `CA` and any way of writing the number."""
    phone, country = (phone or "").strip(), (country_code or "").strip().lstrip("+").upper()
    region = None
    if country and not country.isascii():
        raise _invalid("country_code")
    if country.isalpha():
        region, country = country, str(phonenumbers.country_code_for_region(country) or "")
        if not country:
            raise _invalid("country_code")
    elif country:
        if not country.isdigit() or int(country) not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            raise _invalid("country_code")
        country = str(int(country))
        region = phonenumbers.region_code_for_country_code(int(country))
    if not phone:
        return country, ""
    try:
        number = phonenumbers.parse(phone, region or settings.DEFAULT_PHONE_REGION)
    except phonenumbers.NumberParseException as error:
        raise _invalid("phone") from error
    if not phonenumbers.is_possible_number(number) or not _plausible(number):
        raise _invalid("phone")
    if country and str(number.country_code) != country:
        raise _invalid("phone", "other_country")
    return str(number.country_code), phonenumbers.national_significant_number(number)


def _plausible(number) -> bool:
    """Valid, or a number of the North American block kept for fiction (555-01xx)."""
    national = phonenumbers.national_significant_number(number)
    fictional = number.country_code == 1 and national[3:8] == "55501"
    return fictional or phonenumbers.is_valid_number(number)


def is_premium(e164: str) -> bool:
    """Numbers that cost their owner's callers money are never texted."""
    kind = number_type(phonenumbers.parse(e164))
    return kind in (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)


def _invalid(field: str, why: str = "") -> ValidationError:
    words = {
        "phone": _("Enter a valid phone number with its area code."),
        "country_code": _("Enter a calling code such as 1, or a country such as CA."),
        "other_country": _("This number has another calling code than the country code says."),
    }
    return ValidationError({field: ValidationError(words[why or field], code="invalid")})
