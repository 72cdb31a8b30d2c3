"""JSON Schemas of resources, in either media type, from a serializer's fields."""

from django.core.validators import RegexValidator
from rest_framework import fields
from rest_framework.relations import ManyRelatedField

from apps.jsonapi.plan import is_relation, resource_type
from apps.jsonapi.relations import AlwaysNull, AnyLinkage, Linked
from apps.jsonapi.serializers import Code, Emptied, Text

TEXTS = (fields.CharField, Text)
ID = {"type": "string", "format": "uuid"}
ANYTHING = {"type": ["string", "number", "boolean", "object", "array", "null"]}
PAGINATION = {
    "type": "object",
    "properties": {
        name: {"type": "integer", "minimum": least}
        for name, least in {
            "current_page": 1,
            "total_pages": 1,
            "total_entries": 0,
            "page_size": 1,
        }.items()
    },
    "required": ["current_page", "total_pages", "total_entries", "page_size"],
}
ERRORS = {
    "type": "object",
    "properties": {
        "jsonapi": {"type": "object", "properties": {"version": {"const": "1.1"}}},
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "status": {"type": "string", "pattern": "^[45][0-9][0-9]$"},
                    "code": {"type": "string"},
                    "title": {"type": "string"},
                    "detail": {"type": "string"},
                    "source": {
                        "type": "object",
                        "properties": {
                            "pointer": {"type": "string"},
                            "parameter": {"type": "string"},
                        },
                        "additionalProperties": False,
                    },
                    "meta": {"type": "object", "properties": {"field": {"type": "string"}}},
                },
                "required": ["status", "code", "title", "detail"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["errors"],
}
ERROR_STATUSES = {
    400: "Not JSON, a wrong kind of member, or a bad parameter.",
    401: "No token, or a dead one.",
    403: "Visible, but not allowed.",
    404: "Unseen, missing or malformed: one answer for all.",
    406: "No media type that was asked for.",
    409: "The wrong type or id, a second submit, or a call with this key under way.",
    412: "Changed since the ETag that If-Match named.",
    413: "The body is too large.",
    415: "Neither media type.",
    422: "Well formed, but an attribute or a rule is wrong.",
    429: "Too often; Retry-After says when.",
}


def nullable(schema: dict) -> dict:
    if "anyOf" in schema:
        return {"anyOf": [*schema["anyOf"], {"type": "null"}]}
    if schema.get("type") not in (None, "object") and not {"enum", "format"} & schema.keys():
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def identifier(kind: str | None = None, *, strict: bool = False, more: bool = False) -> dict:
    found = {
        "type": "object",
        "properties": {"type": {"const": kind} if kind else {"type": "string"}, "id": ID},
        "required": ["type", "id"],
    }
    if more:
        inline = {"filled": {"type": "boolean"}}
        if strict:
            found["properties"]["meta"] = {"type": "object", "properties": inline}
        else:
            found["properties"] |= inline
    return found


class Shapes:
    """The schemas of one serializer."""

    def __init__(self, serializer_class):
        self.serializer = serializer_class()
        self.kind = resource_type(serializer_class)
        self.shape = serializer_class.documented
        self.given = getattr(serializer_class, "schemas", {})

    def names(self) -> list[str]:
        """The fields that can be asked for, as both media types call them."""
        return [
            name
            for name, field in self.serializer.fields.items()
            if not field.write_only and name not in {"id", *self.shape.rename, *self.shape.only}
        ]

    def resource(self, strict: bool, extra: dict | None = None, alone: bool = False) -> dict:
        """A resource object as it is answered."""
        attributes, relationships = {}, {}
        for name, field in self.serializer.fields.items():
            if field.write_only or name == "id" or (strict and name in self.shape.only):
                continue
            if is_relation(field):
                relationships[name] = self._relationship(name, field, strict)
            elif not alone:
                ours = name if strict else self.shape.rename.get(name, name)
                attributes[ours] = self._attribute(name, field)
        if not strict and self.shape.id_attribute and not alone:
            attributes["id"] = ID
        if not strict and self.shape.more:
            linked = {"anyOf": [{"type": "string"}, identifier()]}
            attributes |= {"identifiable": linked}
        if extra:
            attributes |= extra["properties"]
        found = {
            "type": "object",
            "properties": {
                "type": {"const": self.kind},
                "id": ID,
                "attributes": {
                    "type": "object",
                    "properties": attributes,
                    "additionalProperties": False,
                },
            },
            "required": ["type", "id"],
        }
        if relationships:
            found["properties"]["relationships"] = {
                "type": "object",
                "properties": relationships,
                "additionalProperties": False,
            }
        if strict:
            address = {"type": "string", "format": "uri"}
            found["properties"]["links"] = {"type": "object", "properties": {"self": address}}
        return found

    def request(self, *, strict: bool, partial: bool) -> dict:
        """A document as it is sent: a whole one, or for an update some of its members."""
        attributes, relationships, required, linked = {}, {}, [], []
        meta = self.serializer.Meta
        kept = getattr(meta, "create_only" if partial else "update_only", ())
        for name, field in self.serializer.fields.items():
            if field.read_only or name in kept:
                continue
            needed = [name] if field.required and not partial else []
            if is_relation(field):
                relationships[name] = self._linkage(field, strict)
                linked += needed
            else:
                schema = self._attribute(name, field, writing=True)
                attributes[name] = schema if strict else lenient(field, schema)
                required += needed
        choices = [] if partial else list(getattr(self.serializer, "one_of", ()))
        if not strict:
            attributes, required, choices = self._documented(attributes, required, choices)
        held = _object(attributes, required, closed=strict)
        if choices:
            held["anyOf"] = [some(name) for name in choices]
        needed = ["attributes"] if required or choices else []
        kind = {"const": self.kind} if strict else {"enum": [self.kind, None]}
        optional = not strict and not needed
        members = {"type": kind, "attributes": nullable(held) if optional else held}
        data = _object(members, needed, closed=False)
        if strict:
            data["required"] = ["type", *needed]
        if relationships or strict:
            held = _object(relationships, linked, closed=strict)
            optional = not strict and not linked
            data["properties"]["relationships"] = nullable(held) if optional else held
            data["required"] = [*data.get("required", []), *(["relationships"] if linked else [])]
        reshaped = getattr(self.serializer, "reshaped", None)
        if reshaped and not strict:
            data = reshaped(data)
        return _object({"data": data}, ["data"], closed=False)

    def _documented(self, attributes: dict, required: list, choices: list) -> tuple:
        """The same under the documented names; one of several spellings is enough."""
        theirs = self.shape.rename
        attributes = {theirs.get(name, name): each for name, each in attributes.items()}
        required = [theirs.get(name, name) for name in required]
        for other, ours in self.shape.accepts.items():
            attributes[other] = attributes[ours]
            choices = [*(choices or [ours]), other] if ours in (*required, *choices) else choices
        required = [name for name in required if name not in choices]
        return attributes, required, choices

    def flat(self) -> dict:
        fields_ = self.serializer.fields.items()
        properties = {name: self._attribute(name, field, writing=True) for name, field in fields_}
        return _object(
            properties, [name for name, field in fields_ if field.required], closed=False
        )

    def _relationship(self, name: str, field, strict: bool) -> dict:
        child = getattr(field, "child_relation", field)
        if isinstance(child, AlwaysNull):
            linkage = {"type": "null"}
        elif name in self.given:
            linkage = self.given[name]
        elif isinstance(field, ManyRelatedField):
            kind = identifier(strict=strict, more=bool(child.meta))
            linkage = {"type": "array", "items": kind}
        else:
            more = isinstance(child, Linked) and bool(child.meta)
            linkage = nullable(identifier(strict=strict, more=more))
        if not strict:
            return linkage
        links = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
        return _object({"data": linkage, "links": links}, ["data"], closed=True)

    @staticmethod
    def _linkage(field, strict: bool) -> dict:
        kind = None if isinstance(field, AnyLinkage) else field.queryset.model._meta.object_name
        one = identifier(kind)
        if not strict and kind:
            one["properties"]["type"] = {"enum": [kind, "RerefenceRequest"]}
            one["required"] = ["id"]
        one = nullable(one) if field.allow_null else one
        return _object({"data": one}, ["data"], closed=False) if strict else one

    def _attribute(self, name: str, field, *, writing: bool = False) -> dict:
        schema = self.given.get(name) or schema_of(field)
        pattern = _pattern(field) if writing and type(field) in TEXTS else ""
        if pattern:
            schema = schema | {"pattern": pattern}
        if writing and isinstance(field, Emptied):
            return nullable(schema)
        through = "." in (field.source or "")
        if field.allow_null or (through and not writing):
            return nullable(schema)
        return schema


def schema_of(field) -> dict:
    """The JSON Schema of what one attribute holds."""
    own = getattr(field, "schema", None)
    if own is not None:
        return own
    match field:
        case fields.BooleanField():
            return {"type": "boolean"}
        case fields.IntegerField():
            return {"type": "integer"} | _bounds(field)
        case fields.FloatField() | fields.DecimalField():
            return {"type": "number"} | _bounds(field)
        case fields.UUIDField():
            return ID
        case fields.DateTimeField():
            return {"type": "string", "format": "date-time"}
        case fields.DateField():
            return {"type": "string", "format": "date"}
        case fields.ChoiceField():
            blank = [""] if field.allow_blank else []
            return {"type": "string", "enum": [*blank, *field.choices]}
        case fields.ListField():
            return {"type": "array", "items": schema_of(field.child)}
        case fields.EmailField():
            email = {"type": "string", "maxLength": 254, "format": "email"}
            return {"anyOf": [{"const": ""}, email]} if field.allow_blank else email
    found = {"type": "string"}
    if getattr(field, "max_length", None):
        found["maxLength"] = field.max_length
    return found


def _pattern(field) -> str:
    """What a text is made of: something that can be seen, and nothing that a validator forbids."""
    rules = [each for each in field.validators if isinstance(each, RegexValidator)]
    seen = not getattr(field, "allow_blank", True)
    forbidden = "".join(each.regex.pattern[1:-1] for each in rules if each.inverse_match)
    if forbidden:
        return f"^[^{forbidden}]*" + (f"[^{forbidden}\\s][^{forbidden}]*$" if seen else "$")
    for each in rules:
        return each.regex.pattern.replace(r"\A", "^").replace(r"\Z", "$")
    return r"[^\s\x1c-\x1f]" if seen else ""  # what str.strip() leaves


def lenient(field, schema: dict) -> dict:
    """The documented media type also takes numbers and flags as strings, and codes as numbers."""
    spelled = {
        fields.BooleanField: {"type": "string", "enum": ["true", "false", "1", "0"]},
        fields.IntegerField: {"type": "string", "pattern": r"^-?[0-9]{1,18}$"},
        fields.DecimalField: {"type": "string", "pattern": r"^-?[0-9]{1,18}(\.[0-9]{1,9})?$"},
        Code: {"type": "integer", "minimum": 0, "maximum": Code.MOST},
    }
    other = next((also for kind, also in spelled.items() if isinstance(field, kind)), None)
    return {"anyOf": [schema, other]} if other else schema


def some(name: str) -> dict:
    """An object that has this member, and something in it."""
    return {"required": [name], "properties": {name: {"not": {"enum": ["", None]}}}}


def name_id(schema: dict, *, required: bool) -> None:
    """A document that says which resource it means."""
    data = schema["properties"]["data"]
    data["properties"]["id"] = {"type": "string" if required else ["string", "null"]}
    if required:
        data["required"] = [*data.get("required", []), "id"]


def _bounds(field) -> dict:
    found = {}
    if field.min_value is not None:
        found["minimum"] = int(field.min_value)
    if field.max_value is not None:
        found["maximum"] = int(field.max_value)
    return found


def _object(properties: dict, required: list, *, closed: bool) -> dict:
    found = {"type": "object", "properties": properties}
    if required:
        found["required"] = required
    if closed:
        found["additionalProperties"] = False
        found["patternProperties"] = {"^@": ANYTHING}  # ignored, see reading.py
    return found
