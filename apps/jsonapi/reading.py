"""From a request's document to a serializer's values: both media types become one dictionary."""

from rest_framework.exceptions import ErrorDetail

from apps.jsonapi.errors import Problem
from apps.jsonapi.plan import is_relation, resource_type


class Reading:
    """A body, read: values by field, pointers to them, what was ignored and what is wrong."""

    def __init__(self, document: dict, serializer, media, *, key: str | None):
        self.strict, self.key = media.strict, key
        self.shape = serializer.documented
        self.values: dict = {}
        self.ignored: list[str] = []
        self.wrong: dict[str, list] = {}
        self.fields = serializer.fields
        self.pointers = {
            name: f"/data/relationships/{name}"
            for name, field in self.fields.items()
            if is_relation(field)
        }
        kept = getattr(serializer.Meta, "create_only" if serializer.instance else "update_only", ())
        self.locked = {
            name for name, field in self.fields.items() if field.read_only or name in kept
        }
        reshape = getattr(serializer, "reshape", None)
        if reshape and not self.strict:
            document = reshape(document)
        data = _member(document, "data", "")
        if document.get("errors") is not None:
            raise malformed("A document holds data or errors, not both.", "/errors")
        identify(data, resource_type(type(serializer)), media, key=key)
        self._attributes(_member(data, "attributes", "/data", empty=not self.strict))
        self._relationships(_member(data, "relationships", "/data", empty=not self.strict))

    def _attributes(self, attributes: dict) -> None:
        theirs = {} if self.strict else {each: ours for ours, each in self.shape.rename.items()}
        accepts = {} if self.strict else self.shape.accepts
        for name, value in attributes.items():
            ours = theirs.get(name) or accepts.get(name) or name
            pointer = f"/data/attributes/{name}"
            field = self.fields.get(ours)
            if ours in self.locked:
                self.ignored.append(name)
            elif field is None or is_relation(field):
                self._unknown(name, pointer)
            elif ours in self.values and self.values[ours] != value:
                self.pointers[ours] = pointer
                self.wrong[ours] = [ErrorDetail("Given twice, differently.", "ambiguous")]
            else:
                self.values[ours], self.pointers[ours] = value, pointer

    def _relationships(self, relationships: dict) -> None:
        for name, linkage in relationships.items():
            pointer = f"/data/relationships/{name}"
            self.pointers[name] = pointer
            linkage = self._linkage(linkage, pointer)
            field = self.fields.get(name)
            if field is None or not is_relation(field):
                self._unknown(name, pointer)
            elif name in self.locked and self.strict:
                raise Problem(403, "read_only", "This can't be written here.", pointer=pointer)
            elif name in self.locked:
                self.ignored.append(name)
            elif isinstance(linkage, list):  # nothing that is written links to many
                raise malformed("Expected one resource identifier object.", pointer)
            else:
                self.values[name] = linkage

    def _linkage(self, value, pointer: str):
        wrapped = isinstance(value, dict) and "data" in value
        if self.strict and not wrapped:
            raise malformed("A relationship is an object with data.", pointer)
        if wrapped:
            value, pointer = value["data"], f"{pointer}/data"
        if value is not None:
            for each in value if isinstance(value, list) else [value]:
                check_identifier(each, pointer, strict=self.strict)
        return value

    def _unknown(self, name: str, pointer: str) -> None:
        if not self.strict:
            self.ignored.append(name)
            return
        self.pointers[name] = pointer
        self.wrong[name] = [ErrorDetail("There is no such field.", "unknown")]


def identify(data: dict, expected: str, media, *, key: str | None) -> None:
    """The type and the id of a resource object; `key` is the id in the path, None on a create."""
    kind = data.get("type")
    if media.strict and not isinstance(kind, str):
        raise malformed(
            "A resource object has a type.", "/data/type" if "type" in data else "/data"
        )
    if kind is not None and kind != expected:
        if not isinstance(kind, str):
            raise malformed("A type is a string.", "/data/type")
        raise Problem(409, "type_conflict", f"Expected {expected}.", pointer="/data/type")
    given = data.get("id")
    if key is None:
        if media.strict and given is not None:
            detail = "The service gives out the ids."
            raise Problem(403, "client_id_forbidden", detail, pointer="/data/id")
    elif given is None and media.strict:
        raise malformed("An update names its id.", "/data/id" if "id" in data else "/data")
    elif given is not None and not isinstance(given, str):
        raise malformed("An id is a string.", "/data/id")
    elif given is not None and given.lower() != key.lower():
        raise Problem(409, "id_conflict", "The path names another id.", pointer="/data/id")


def check_identifier(value, pointer: str, *, strict: bool) -> None:
    """A resource identifier object: a type and an id, both strings."""
    if not isinstance(value, dict):
        raise malformed("Expected a resource identifier object.", pointer)
    for name in ("type", "id"):
        if name not in value and (strict or name == "id"):
            raise malformed(f"A resource identifier object has a {name}.", pointer)
        if name in value and not isinstance(value[name], str):
            raise malformed(f"The {name} is a string.", f"{pointer}/{name}")


def malformed(detail: str, pointer: str) -> Problem:
    return Problem(400, "malformed", detail, pointer=pointer)


def _member(parent: dict, name: str, pointer: str, *, empty: bool = False) -> dict:
    """An object member of the document; data must be there, the others may be missing."""
    if name not in parent and name != "data":
        return {}
    value = parent.get(name)
    if value is None and empty:
        return {}
    if not isinstance(value, dict):
        known = f"{pointer}/{name}" if name in parent else pointer
        raise malformed(f"{name} is an object.", known)
    return value
