"""From a request's document to a serializer's values: both media types become one dictionary."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail

from apps.jsonapi.errors import Problem, step
from apps.jsonapi.plan import Plan, is_relation, resource_type

NOT_A_FIELD = "@"  # JSON:API's @-members: anywhere, and no attribute or relationship


class Reading:
    """A body, read: values by field, pointers to them, what was ignored and what is wrong."""

    def __init__(self, document: dict, serializer, media, *, key: str | None):
        self.strict, self.key, self.serializer = media.strict, key, serializer
        self.shape = serializer.documented
        self.values: dict = {}
        self.ignored: list[str] = []
        self.wrong: dict[str, list] = {}
        self.fields = serializer.fields
        self.moved: dict = {}  # pointers into the document, where it says it in another place
        reshape = getattr(serializer, "reshape", None)
        if reshape and not self.strict:
            document, self.moved = reshape(document)
        self.pointers = {
            name: self._pointer("relationships", name)
            for name, field in self.fields.items()
            if is_relation(field)
        }
        # What rules call a field, and we by another name.
        self.names = {field.source: name for name, field in self.fields.items() if field.source}
        kept = getattr(serializer.Meta, "create_only" if serializer.instance else "update_only", ())
        self.locked = {
            name for name, field in self.fields.items() if field.read_only or name in kept
        }
        data = member(document, "data", "")
        if document.get("errors") is not None:
            raise malformed(_("A document holds data or errors, not both."), "/errors")
        identify(data, resource_type(type(serializer)), media, key=key)
        self._attributes(member(data, "attributes", "/data", empty=not self.strict))
        self._relationships(member(data, "relationships", "/data", empty=not self.strict))

    def _attributes(self, attributes: dict) -> None:
        theirs = {} if self.strict else {each: ours for ours, each in self.shape.rename.items()}
        accepts = {} if self.strict else self.shape.accepts
        for name, value in attributes.items():
            ours = theirs.get(name) or accepts.get(name) or name
            pointer = self._pointer("attributes", name)
            field = self.fields.get(ours)
            if field is None or is_relation(field):
                self._unknown(name, pointer)
            elif ours in self.locked:
                self.ignored.append(name)
            elif ours in self.values and self.values[ours] != value:
                self.pointers[ours] = pointer
                self.wrong[ours] = [ErrorDetail(_("Given twice, differently."), "ambiguous")]
            else:
                self.values[ours], self.pointers[ours] = value, pointer

    def _relationships(self, relationships: dict) -> None:
        for name, linkage in relationships.items():
            pointer = self._pointer("relationships", name)
            self.pointers[name] = pointer
            field = self.fields.get(name)
            known = field is not None and is_relation(field)
            passed_over = not self.strict and (not known or name in self.locked)
            if passed_over or name.startswith(NOT_A_FIELD):
                self.ignored.append(name)
                continue
            linkage = self._linkage(linkage, pointer)
            if not known:
                self._unknown(name, pointer)
            elif name in self.locked and self._stands(name, linkage):
                self.ignored.append(name)
            elif name in self.locked:
                raise Problem(403, "read_only", _("This can't be written here."), pointer=pointer)
            elif isinstance(linkage, list):  # nothing that is written links to many
                raise malformed(_("Expected one resource identifier object."), pointer)
            else:
                self.values[name] = linkage

    def _linkage(self, value, pointer: str):
        wrapped = isinstance(value, dict) and "data" in value
        if self.strict and not wrapped:
            raise malformed(_("A relationship is an object with data."), pointer)
        if wrapped:
            value, pointer = value["data"], f"{pointer}/data"
        if value is not None:
            for each in value if isinstance(value, list) else [value]:
                check_identifier(each, pointer, strict=self.strict)
        return value

    def _stands(self, name: str, linkage) -> bool:
        """Whether this is what is linked already: clients send back what they were given."""
        instance, now = self.serializer.instance, []
        relation = Plan.of(type(self.serializer), None, self.strict).relations.get(name)
        if instance is not None and relation is not None:
            user = self.serializer.context["request"].user
            now = relation.identifiers(instance, relation.rows([instance], user))
        return _identifiers(linkage) == _identifiers(now)

    def _pointer(self, member: str, name: str) -> str:
        pointer = f"/data/{member}/{step(name)}"
        return self.moved.get(pointer, pointer)

    def _unknown(self, name: str, pointer: str) -> None:
        if not self.strict or name.startswith(NOT_A_FIELD):
            self.ignored.append(name)
            return
        self.pointers[name] = pointer
        self.wrong[name] = [ErrorDetail(_("There is no such field."), "unknown")]


def _identifiers(linkage) -> set:
    listed = linkage if isinstance(linkage, list) else [linkage] if linkage else []
    return {(each["type"], str(each["id"])) for each in listed}


def identify(data: dict, expected: str, media, *, key: str | None) -> None:
    """The type and the id of a resource object; `key` is the id in the path, None on a create."""
    kind = data.get("type")
    if media.strict and not isinstance(kind, str):
        pointer = "/data/type" if "type" in data else "/data"
        raise malformed(_("A resource object has a type."), pointer)
    if kind is not None and kind != expected:
        if not isinstance(kind, str):
            raise malformed(_must_be_text("type"), "/data/type")
        detail = _("Expected the type %(name)s.") % {"name": expected}
        raise Problem(409, "type_conflict", detail, pointer="/data/type")
    given = data.get("id")
    if key is None:
        if media.strict and given is not None:
            detail = _("The service gives out the ids.")
            raise Problem(403, "client_id_forbidden", detail, pointer="/data/id")
    elif given is None and media.strict:
        pointer = "/data/id" if "id" in data else "/data"
        raise malformed(_("An update names its id."), pointer)
    elif given is not None and not isinstance(given, str):
        raise malformed(_must_be_text("id"), "/data/id")
    elif given is not None and given.lower() != key.lower():
        detail = _("The path names another id.")
        raise Problem(409, "id_conflict", detail, pointer="/data/id")


def check_identifier(value, pointer: str, *, strict: bool) -> None:
    """A resource identifier object: a type and an id, both strings."""
    if not isinstance(value, dict):
        raise malformed(_("Expected a resource identifier object."), pointer)
    for name in ("type", "id"):
        if name not in value and (strict or name == "id"):
            raise malformed(
                _("A resource identifier object has a %(name)s.") % {"name": name}, pointer
            )
        if name in value and not isinstance(value[name], str):
            raise malformed(_must_be_text(name), f"{pointer}/{name}")


def _must_be_text(name: str) -> str:
    return _("%(name)s is a string.") % {"name": name}


def malformed(detail: str, pointer: str) -> Problem:
    return Problem(400, "malformed", detail, pointer=pointer)


def member(parent: dict, name: str, pointer: str, *, empty: bool = False) -> dict:
    """An object member of the document; data must be there, the others may be missing."""
    if name not in parent and name != "data":
        return {}
    value = parent.get(name)
    if value is None and empty:
        return {}
    if not isinstance(value, dict):
        known = f"{pointer}/{name}" if name in parent else pointer
        raise malformed(_("%(name)s is an object.") % {"name": name}, known)
    return value
