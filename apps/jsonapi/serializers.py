"""The base of all serializers: one per resource, for both media types."""

import re

from django.utils.translation import gettext as _
from rest_framework import fields
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.validators import UniqueValidator
from rest_framework_json_api import serializers as dja

from apps.jsonapi.relations import Linked
from apps.jsonapi.shapes import PLAIN

# JSON's kinds, and how they are spelled as a string: that the documented shape takes as well.
KINDS = (
    (fields.BooleanField, bool, "true|false|1|0"),
    ((fields.IntegerField, fields.FloatField, fields.DecimalField), (int, float), r"-?[\d.]+"),
    ((fields.CharField, fields.ChoiceField, fields.DateField, fields.DateTimeField), str, ".*"),
)


class Checked:
    """Reports every wrong field at once: unknown ones, wrong kinds, and DRF's own findings."""

    documented = PLAIN
    joins: tuple[str, ...] = ()  # columns of to-one relations that the attributes read
    wrong: dict = {}  # what reading the document found

    def to_internal_value(self, data):
        wrong = dict(self.wrong)
        strict = self.context["media"].strict
        for name, value in data.items():
            if name in self.fields and not _is_kind(self.fields[name], value, strict):
                wrong[name] = [ErrorDetail(_("This is the wrong kind of value."), "invalid_kind")]
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**error.detail, **wrong}) from error
        if wrong:
            raise ValidationError(wrong)
        return values

    @classmethod
    def prepare(cls, queryset):
        """What else the attributes read, fetched for all rows at once."""
        return queryset


def _is_kind(field, value, strict: bool) -> bool:
    """Whether this is the kind of value that the field holds."""
    if value is None:  # whether there must be one is another question
        return True
    if isinstance(field, fields.ListField):
        good = isinstance(value, list)
        return good and all(_is_kind(field.child, each, strict) for each in value)
    for classes, kinds, spelling in KINDS:
        if isinstance(field, classes):
            if isinstance(value, bool):
                return kinds is bool
            if isinstance(value, str) and not strict:
                return re.fullmatch(spelling, value, re.ASCII | re.DOTALL) is not None
            if isinstance(field, Code) and isinstance(value, (int, float)):
                return not strict and 0 <= value <= Code.MOST and value == int(value)
            return isinstance(value, kinds)
    return True


class Emptied:
    """May be empty; null says the same."""

    def validate_empty_values(self, data):
        if data is None and not self.allow_null:
            return True, ""
        return super().validate_empty_values(data)


class Text(Emptied, fields.CharField):
    """Text that may be empty."""


class Email(Emptied, fields.EmailField):
    """An email that may be missing."""


class Choice(Emptied, fields.ChoiceField):
    """One of several, or none."""


# What the fields of models become that may be blank.
BLANK = {fields.CharField: Text, fields.EmailField: Email, fields.ChoiceField: Choice}


class Code(Text):
    """Text of digits, say: the documented shape takes a number, too."""

    MOST = 10**15 - 1  # which every client's numbers hold exactly

    def to_internal_value(self, data):
        return super().to_internal_value(int(data) if isinstance(data, float) else data)  # 395.0


class Score(fields.DecimalField):
    """Two decimals in the database, a number on the wire; further decimals are rounded away."""

    def validate_precision(self, value):
        self.run_validators(value)
        return value

    def __init__(self, **kwargs):
        super().__init__(max_digits=3, decimal_places=2, min_value=1, max_value=5, **kwargs)

    def to_representation(self, value):
        return float(value)


class Constant(fields.Field):
    """A documented attribute that has one value for now."""

    def __init__(self, value=None, **kwargs):
        self.value = value
        self.schema = {"const": value} if value is not None else {"type": "null"}
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value):
        return self.value


class ResourceSerializer(Checked, dja.ModelSerializer):
    """A resource that has a model."""

    serializer_related_field = Linked

    def build_standard_field(self, field_name, model_field):
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        # Uniqueness is a rule of the model: a validator here would look into other firms.
        kwargs["validators"] = [
            each for each in kwargs.get("validators", []) if not isinstance(each, UniqueValidator)
        ]
        if not kwargs["validators"]:
            del kwargs["validators"]
        if kwargs.get("allow_blank"):
            field_class = BLANK.get(field_class, field_class)
        return field_class, kwargs

    def get_validators(self):
        return []


class PlainSerializer(Checked, dja.Serializer):
    """A resource without a model of its own, or a command."""
