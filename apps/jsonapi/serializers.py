"""The base of all serializers: one per resource, for both media types."""

from rest_framework import fields
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.validators import UniqueValidator
from rest_framework_json_api import serializers as dja

from apps.jsonapi.relations import Linked
from apps.jsonapi.shapes import PLAIN

# JSON's kinds; JSON:API takes only the right one, the documented shape also its spelling.
KINDS = (
    (fields.BooleanField, (bool,)),
    ((fields.IntegerField, fields.FloatField, fields.DecimalField), (int, float)),
    ((fields.CharField, fields.ChoiceField, fields.DateField, fields.DateTimeField), (str,)),
)


def _kind(field) -> tuple | None:
    return next((kinds for classes, kinds in KINDS if isinstance(field, classes)), None)


class Checked:
    """Reports every wrong field at once: unknown ones, wrong kinds, and DRF's own findings."""

    documented = PLAIN
    joins: tuple[str, ...] = ()  # columns of to-one relations that the attributes read
    wrong: dict = {}  # what reading the document found

    def to_internal_value(self, data):
        wrong = dict(self.wrong)
        if self.context.get("media") and self.context["media"].strict:
            for name, value in data.items():
                kinds = _kind(self.fields[name]) if name in self.fields else None
                if value is not None and kinds and not _is(value, kinds):
                    wrong[name] = [ErrorDetail("This is the wrong kind of value.", "invalid_kind")]
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


def _is(value, kinds: tuple) -> bool:
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)


class Text(fields.CharField):
    """Text that may be empty; null says the same."""

    def validate_empty_values(self, data):
        return (
            (True, "")
            if data is None and not self.allow_null
            else super().validate_empty_values(data)
        )


class Score(fields.DecimalField):
    """Two decimals in the database, a number on the wire."""

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
        if field_class is fields.CharField and kwargs.get("allow_blank"):
            field_class = Text
        return field_class, kwargs

    def get_validators(self):
        return []


class PlainSerializer(Checked, dja.Serializer):
    """A resource without a model of its own, or a command."""
