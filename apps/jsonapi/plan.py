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
        self.columns, self.of = getattr(child, "columns", ()), getattr(child, "of", "")
        included = getattr(serializer_class, "included_serializers", None) or {}
        self.serializer_class = included.get(name)
        self.own = child.linkage if isinstance(child, AnyLinkage | AlwaysNull) else None
        if self.own:
            return
        model_field = _model_field(serializer_class.Meta.model, self.source)
        self.model = _model(child.model) or model_field.related_model
        self.type = type_name(self.model)
        self.column = attrgetter(model_field.attname) if model_field.concrete else None
        self.remote = model_field.remote_field.attname if not model_field.concrete else None

    def targets(self, instance) -> list:
        """The related instances, from what was prefetched."""
        try:
            found = getattr(instance, self.source)
        except ObjectDoesNotExist:
            return []
        return list(found.all()) if self.many else [] if found is None else [found]

    def prefetch(self, tree: dict, query) -> Prefetch:
        """Whole resources, for one page."""
        plan = query.plan(self.serializer_class)
        seen = self.model._default_manager.visible_to(query.user)
        return Prefetch(self.source, plan.prepare(seen, tree, query))

    def rows(self, instances: Iterable, user, *, included: bool = False) -> dict:
        """By instance, the keys of what it is linked to, and the columns that `meta` reads."""
        if self.own:
            return {}
        if self.column:
            keys = {each.pk: self.column(each) for each in instances}
            return {each: [] if key is None else [(key,)] for each, key in keys.items()}
        if included:
            return {
                each.pk: [
                    (target.pk, *(getattr(target, name) for name in self.columns))
                    for target in self.targets(each)
                ]
                for each in instances
            }
        found = {each.pk: [] for each in instances}
        seen = self.model._default_manager.visible_to(user).filter(**{f"{self.remote}__in": found})
        for owner, *row in seen.values_list(self.remote, "pk", *self.columns):
            found[owner].append(row)
        return found

    def identifiers(self, instance, rows: dict):
        """The same without meta; what is stored, in a list."""
        if self.own:
            return self.own(instance)
        return [{"type": self.type, "id": row[0]} for row in rows[instance.pk]]

    def linkage(self, instance, linked: dict):
        """The resource identifiers: a list of them, one, or nothing."""
        if self.own:
            return self.own(instance)
        rows = linked[self.name]
        found = self.identifiers(instance, rows)
        if self.meta:
            for identifier, row in zip(found, rows[instance.pk], strict=True):
                read = linked[self.of][instance.pk] if self.of else [row]
                identifier["meta"] = self.meta([columns for _, *columns in read])
        return found if self.many else found[0] if found else None

    def object(self, instance, linked: dict, here: str) -> dict:
        """The relationship object: linkage, and links where there is something behind them."""
        found = {"data": self.linkage(instance, linked)}
        if here and self.serializer_class:
            found["links"] = {
                "self": f"{here}/relationships/{self.name}",
                "related": f"{here}/{self.name}",
            }
        return found


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
        model = getattr(serializer_class.Meta, "model", None)
        self.of_a_firm = model is not None and _model_field(model, "hiring_firm") is not None
        names, sources, computed, self.relations, self.shown = [], [], [], {}, []
        self.gather = []  # what computed fields look up for all rows at once
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
                if hasattr(field, "gather"):
                    self.gather.append(field.gather)
        self.names, self.computed = names, computed
        self.read = attrgetter("pk", "pk", *sources)

    def resources(self, instances: list, tree: dict, query) -> list[dict]:
        """Their finished resource objects; the relations in the tree have been prefetched."""
        if not instances:
            return []
        if self.of_a_firm:
            share_firm(query.user, instances)
        for gather in self.gather:
            gather(instances)
        linked = self.linked(instances, self.shown, tree, query)
        return [self.resource(each, linked, query.base) for each in instances]

    def linked(self, instances: list, relations: list[Relation], tree: dict, query) -> dict:
        """The rows of these relations, and of those that their `meta` reads, by name."""
        names = {each.name for each in relations} | {each.of for each in relations if each.of}
        return {
            name: self.relations[name].rows(instances, query.user, included=name in tree)
            for name in names
        }

    def resource(self, instance, linked: dict, base: str) -> dict:
        key, _, *values = self.read(instance)
        key = str(key)
        attributes = dict(zip(self.names, values, strict=True))
        for name, represent in self.computed:
            attributes[name] = represent(instance)
        found = {"type": self.type, "id": key, "attributes": attributes}
        here = self.address(key, base)
        if self.shown:
            found["relationships"] = {
                each.name: each.object(instance, linked, here) for each in self.shown
            }
        if here:
            found["links"] = {"self": here}
        return found

    def address(self, key, base: str) -> str:
        """Where the resource stands; nothing for one that has no place of its own."""
        return f"{base}{self.path}{key}" if self.path else ""

    def prepare(self, queryset: QuerySet, tree: dict, query) -> QuerySet:
        """Fetch what the page's attributes and includes read, in constant queries."""
        # What is included is fetched whole below: joined as well, it would be looked up by row.
        included = {self.relations[name].source for name in tree}
        joined = [
            path for path in self.serializer_class.joins if path.partition("__")[0] not in included
        ]
        if joined:
            own = [each.name for each in queryset.model._meta.concrete_fields]
            paths = dict.fromkeys(path.rpartition("__")[0] for path in joined)
            queryset = queryset.select_related(*paths).only(*own, *joined)
        queryset = self.serializer_class.prepare(queryset)
        wanted = [self.relations[name].prefetch(below, query) for name, below in tree.items()]
        return queryset.prefetch_related(*wanted)

    def include(self, instances: Iterable, tree: dict, query, found: dict) -> None:
        """Collect the related resources along the include paths, each once."""
        for name, below in tree.items():
            relation = self.relations[name]
            plan = query.plan(relation.serializer_class)
            targets = {each.pk: each for one in instances for each in relation.targets(one)}
            fresh = [each for key, each in targets.items() if (plan.type, key) not in found]
            for target, resource in zip(fresh, plan.resources(fresh, below, query), strict=True):
                found[plan.type, target.pk] = resource
            plan.include(targets.values(), below, query, found)


def document(serializer_class, data, query) -> Document:
    """The finished strict document of an instance, a list of them, or nothing."""
    plan = query.plan(serializer_class)
    many = isinstance(data, list | tuple | QuerySet)
    instances = list(data) if many else [] if data is None else [data]
    resources = plan.resources(instances, query.include or {}, query)
    found = Document(data=resources if many else resources[0] if resources else None)
    if query.include is not None:
        primary = {(plan.type, each.pk): None for each in instances}
        included = dict(primary)
        plan.include(instances, query.include, query, included)
        found["included"] = [each for key, each in included.items() if key not in primary]
    found.shapes = query.shapes
    return found


def share_firm(user, instances: Iterable) -> None:
    """Who asks sees the rows of one firm, which was read with who asks."""
    firm = getattr(user, "hiring_firm", None)
    for each in instances:
        if firm is not None and each.hiring_firm_id == firm.pk:
            each.hiring_firm = firm


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
