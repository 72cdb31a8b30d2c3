"""From instances to finished resource objects, by one plan per serializer.

A plan is compiled at first use from the serializer's fields: plain ones are read straight from
the instance, the others by their own `to_representation`. Both media types render from it.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Prefetch, QuerySet
from django.urls import NoReverseMatch, reverse
from rest_framework import fields
from rest_framework.relations import ManyRelatedField

from apps.jsonapi.relations import AlwaysNull, AnyLinkage, Linked
from apps.jsonapi.resources import type_name
from apps.jsonapi.shapes import PLAIN, Document

# What these fields hold goes onto the wire as it is.
PLAIN_FIELDS = (
    fields.BooleanField,
    fields.CharField,
    fields.ChoiceField,
    fields.DateField,
    fields.DateTimeField,
    fields.IntegerField,
    fields.JSONField,
    fields.ReadOnlyField,
    fields.UUIDField,
)


class Relation:
    """One relationship of a plan: its linkage, and how to fetch it for many rows at once."""

    def __init__(self, name: str, field, serializer_class):
        child = getattr(field, "child_relation", field)
        self.name, self.source = name, field.source
        self.many = isinstance(field, ManyRelatedField)
        self.meta = getattr(child, "meta", None)
        self.columns = getattr(child, "columns", ())
        self.prefetched = True
        included = getattr(serializer_class, "included_serializers", None) or {}
        self.serializer_class = included.get(name)
        if isinstance(child, AnyLinkage | AlwaysNull):
            self.linkage, self.prefetched = child.linkage, False
            return
        model_field = _model_field(serializer_class.Meta.model, self.source)
        self.model = _model(child.model) or model_field.related_model
        self.type = type_name(self.model)
        if self.many:
            self.linkage = self._to_many
        elif model_field is not None and model_field.concrete:
            self.column, self.prefetched = attrgetter(model_field.attname), False
            self.linkage = self._by_column
        else:
            self.linkage = self._to_one
        self.remote = getattr(getattr(model_field, "remote_field", None), "attname", None)

    def targets(self, instance) -> list:
        """The related instances, from what was prefetched."""
        if self.many:
            return list(getattr(instance, self.source).all())
        target = self._target(instance)
        return [] if target is None else [target]

    def prefetch(self, tree: dict | None, query) -> Prefetch | None:
        """What one page needs: whole resources where included, else only their ids."""
        if tree is not None:
            plan = query.plan(self.serializer_class)
            seen = self.model._default_manager.visible_to(query.user)
            found = plan.prepare(seen, tree, query)
            return Prefetch(self.source, found)
        if not self.prefetched:
            return None
        found = self.model._default_manager.visible_to(query.user)
        if self.remote:
            found = found.only("pk", self.remote, *self.columns)
        return Prefetch(self.source, found)

    def _identifier(self, instance, target, key) -> dict:
        found = {"type": self.type, "id": key}
        if self.meta:
            found["meta"] = self.meta(instance, target)
        return found

    def _to_many(self, instance) -> list[dict]:
        targets = getattr(instance, self.source).all()
        return [self._identifier(instance, each, each.pk) for each in targets]

    def _by_column(self, instance) -> dict | None:
        key = self.column(instance)
        return None if key is None else self._identifier(instance, None, key)

    def _to_one(self, instance) -> dict | None:
        target = self._target(instance)
        return None if target is None else self._identifier(instance, target, target.pk)

    def _target(self, instance):
        try:
            return getattr(instance, self.source)
        except ObjectDoesNotExist:
            return None


class Plan:
    """How one serializer's instances become resource objects."""

    @staticmethod
    @lru_cache(maxsize=512)
    def of(serializer_class, wanted: frozenset[str] | None, strict: bool) -> "Plan":
        return Plan(serializer_class, wanted, strict)

    def __init__(self, serializer_class, wanted: frozenset[str] | None, strict: bool):
        self.serializer_class = serializer_class
        self.type = resource_type(serializer_class)
        self.shape = getattr(serializer_class, "documented", PLAIN)
        self.path = _path(self.type)
        names, sources, computed, self.relations, self.shown = [], [], [], {}, []
        for name, field in serializer_class().fields.items():
            if field.write_only or name == "id" or (strict and name in self.shape.only):
                continue
            relation = is_relation(field)
            if relation:
                self.relations[name] = Relation(name, field, serializer_class)
            if wanted is not None and name not in wanted:
                continue
            if relation:
                self.shown.append(self.relations[name])
            else:
                names.append(name)
                represent = _represent(field)
                sources.append("pk" if represent else field.source)
                if represent:
                    computed.append((name, represent))
        self.names, self.computed = names, computed
        self.read = attrgetter("pk", "pk", *sources)

    def resource(self, instance, base: str) -> dict:
        """One finished resource object."""
        key, _, *values = self.read(instance)
        key = str(key)
        attributes = dict(zip(self.names, values, strict=True))
        for name, represent in self.computed:
            attributes[name] = represent(instance)
        found = {"type": self.type, "id": key, "attributes": attributes}
        if self.shown:
            found["relationships"] = {
                each.name: self.relationship(each, instance, base) for each in self.shown
            }
        if self.path:
            found["links"] = {"self": f"{base}{self.path}{key}"}
        return found

    def relationship(self, relation: Relation, instance, base: str) -> dict:
        """A relationship object: linkage, and links where there is something behind them."""
        found = {"data": relation.linkage(instance)}
        if self.path and relation.serializer_class:
            here, name = f"{base}{self.path}{instance.pk}", relation.name
            found["links"] = {
                "self": f"{here}/relationships/{name}",
                "related": f"{here}/{name}",
            }
        return found

    def prepare(self, queryset: QuerySet, tree: dict, query) -> QuerySet:
        """Fetch what the page's attributes, linkage and includes read, in constant queries."""
        queryset = self.serializer_class.prepare(queryset)
        # What is included is fetched whole below: joined as well, it would be looked up by row.
        included = {self.relations[name].source for name in tree}
        joined = [
            path for path in self.serializer_class.joins if path.partition("__")[0] not in included
        ]
        if joined:
            queryset = queryset.select_related(*joined)
        for name, relation in self.relations.items():
            if name in tree or relation in self.shown:
                wanted = relation.prefetch(tree.get(name), query)
                if wanted is not None:
                    queryset = queryset.prefetch_related(wanted)
        return queryset

    def include(self, instances: Iterable, tree: dict, query, found: dict) -> None:
        """Collect the related resources along the include paths, each once."""
        for name, below in tree.items():
            relation = self.relations[name]
            plan = query.plan(relation.serializer_class)
            targets = {each.pk: each for one in instances for each in relation.targets(one)}
            for key, target in targets.items():
                if (plan.type, key) not in found:
                    found[plan.type, key] = plan.resource(target, query.base)
            plan.include(targets.values(), below, query, found)


def document(serializer_class, data, query) -> Document:
    """The finished strict document of an instance, a list of them, or nothing."""
    plan = query.plan(serializer_class)
    many = isinstance(data, list | tuple | QuerySet)
    instances = list(data) if many else [] if data is None else [data]
    resources = [plan.resource(each, query.base) for each in instances]
    found = Document(data=resources if many else resources[0] if resources else None)
    if query.include is not None:
        primary = {(plan.type, each.pk): None for each in instances}
        included = dict(primary)
        plan.include(instances, query.include, query, included)
        found["included"] = [each for key, each in included.items() if key not in primary]
    found.shapes = query.shapes
    return found


def resource_type(serializer_class) -> str:
    meta = serializer_class.Meta
    return getattr(meta, "resource_name", None) or type_name(meta.model)


def is_relation(field) -> bool:
    return isinstance(field, Linked | AnyLinkage | AlwaysNull | ManyRelatedField)


def _represent(field) -> Callable | None:
    """None for what is read by attribute; else a function of the instance."""
    if type(field).to_representation in PLAIN_REPRESENTATIONS and field.source.isidentifier():
        return None

    def represent(instance):
        try:
            value = field.get_attribute(instance)
        except (AttributeError, fields.SkipField, ObjectDoesNotExist):
            return None
        return None if value is None else field.to_representation(value)

    return represent


PLAIN_REPRESENTATIONS = {each.to_representation for each in PLAIN_FIELDS}


def _model_field(model, source: str):
    try:
        return model._meta.get_field(source)
    except FieldDoesNotExist:
        return next(
            (each for each in model._meta.related_objects if each.get_accessor_name() == source),
            None,
        )


def _model(named):
    return apps.get_model(named) if isinstance(named, str) else named


def _path(resource_type: str) -> str:
    """Where resources of the type stand: the operation of urls.py that bears their name."""
    try:
        return reverse(resource_type, args=["-"]).removesuffix("-")
    except NoReverseMatch:
        return ""
