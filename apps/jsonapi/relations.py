"""The fields of relationships."""

from django.utils.translation import gettext as _
from rest_framework import fields
from rest_framework_json_api.relations import ResourceRelatedField

from apps.jsonapi import ids
from apps.jsonapi.errors import Problem
from apps.jsonapi.resources import model_named, type_name
from apps.jsonapi.shapes import MISSPELT


def one(identifier, name: str) -> None:
    """A to-one relationship takes one identifier, no list of them."""
    if not isinstance(identifier, dict):
        raise Problem(400, "malformed", _("Expected one resource identifier object."), field=name)


class Linked(ResourceRelatedField):
    """A relationship. What a client names is looked up among what it may see; else it is 404.

    `meta` makes the identifier's meta from the `columns` of what it links to, or from those of
    everything that the owner's relationship `of` links to.
    """

    model = None

    def __init__(self, *, meta=None, columns=(), of="", **kwargs):
        self.meta, self.columns, self.of = meta, columns, of
        super().__init__(**kwargs)

    def use_pk_only_optimization(self):
        return True

    def to_internal_value(self, identifier):
        one(identifier, self.field_name)
        queryset = self.get_queryset()
        expected, given = type_name(queryset.model), identifier.get("type")
        strict = self.context["media"].strict
        if given != expected and (strict or given not in {None, *MISSPELT}):
            detail = _("Expected the type %(name)s.") % {"name": expected}
            raise Problem(409, "incorrect_relation_type", detail, field=self.field_name)
        key = ids.parse(identifier["id"])
        seen = queryset.visible_to(self.context["request"].user)
        found = key and seen.filter(pk=key).first()
        if not found:
            raise Problem(404, "not_found", _("Not found."), field=self.field_name)
        return found

    def to_representation(self, value):
        return {"type": type_name(self.model or self.queryset.model), "id": str(value.pk)}


class AnyLinkage(fields.Field):
    """Linkage to anything, read from the columns `<name>_type` and `<name>_id`, without a query.

    `unless` names an attribute of the instance that makes it null.
    """

    def __init__(self, unless: str = "", **kwargs):
        self.unless = unless
        super().__init__(read_only=True, **kwargs)

    def linkage(self, instance) -> dict | None:
        kind = getattr(instance, f"{self.source}_type")
        key = getattr(instance, f"{self.source}_id")
        if not kind or key is None or (self.unless and getattr(instance, self.unless)):
            return None
        return {"type": kind, "id": key}

    def to_representation(self, value):
        return value


class AnyTarget(AnyLinkage):
    """The same, written: the model by its type's name, the row among what the user may see."""

    def __init__(self, types: tuple[str, ...] = (), **kwargs):
        fields.Field.__init__(self, **kwargs)
        self.unless, self.types = "", types

    def to_internal_value(self, identifier):
        if self.types and identifier.get("type") not in self.types:
            detail = _("Expected the type %(name)s.") % {"name": " | ".join(self.types)}
            raise Problem(409, "incorrect_relation_type", detail, field=self.field_name)
        one(identifier, self.field_name)
        model, key = model_named(identifier.get("type", "")), ids.parse(identifier["id"])
        rows = model._default_manager if model else None
        if not key or not hasattr(rows, "visible_to"):
            raise Problem(404, "not_found", _("Not found."), field=self.field_name)
        found = rows.visible_to(self.context["request"].user).filter(pk=key).first()
        if found is None:
            raise Problem(404, "not_found", _("Not found."), field=self.field_name)
        return found


class AlwaysNull(fields.Field):
    """A documented relationship that nothing fills yet."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    @staticmethod
    def linkage(instance) -> None:
        return None

    def to_representation(self, value):
        return value
