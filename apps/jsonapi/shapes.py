"""The documented shape: how it differs from strict JSON:API, and the rewriting into it.

What differs for every resource stands in `documented`; what differs for one, in the `Shape`
that its serializer declares. Reading the same differences back is `reading.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

# Documented types of linkage that are slips: understood when reading, never written.
MISSPELT = {"RerefenceRequest"}


@dataclass(frozen=True)
class Shape:
    """How the documented resource differs from the strict one."""

    rename: dict[str, str] = field(default_factory=dict)  # attributes: ours → documented
    accepts: dict[str, str] = field(default_factory=dict)  # further spellings read: theirs → ours
    only: frozenset[str] = frozenset()  # fields that JSON:API does not show
    id_attribute: bool = False  # `attributes` repeats the id
    beside: tuple[str, ...] = ()  # attributes that stand beside `attributes`
    more: Callable[[dict], dict] | None = None  # attributes made from its bare relationships


PLAIN = Shape()


class Document(dict):
    """A finished strict document, and what its documented shape needs to know."""

    shapes: dict[str, Shape] = {}
    in_array = False  # a single resource is documented as an array of one


def documented(document: dict) -> dict:
    """Rewrite a finished strict document, in place, into the documented shape."""
    if "errors" in document:
        return document
    if "data" not in document:
        return {"data": document.get("meta", {})}
    shapes = getattr(document, "shapes", {})
    data = _bare(document["data"])  # it may be linkage itself
    for resource in data if isinstance(data, list) else [data] if data else []:
        _rewrite(resource, shapes.get(resource["type"], PLAIN))
    found = {"data": [data] if getattr(document, "in_array", False) else data}
    if "included" in document:
        for resource in document["included"]:
            _rewrite(resource, shapes.get(resource["type"], PLAIN))
        found["included"] = document["included"]
    meta = document.get("meta", {})
    if "pagination" in meta:
        found["pagination"] = meta.pop("pagination")
    if meta:
        found["meta"] = meta
    return found


def _rewrite(resource: dict, shape: Shape) -> None:
    resource.pop("links", None)
    attributes = resource.get("attributes")
    if attributes is not None:
        for ours, theirs in shape.rename.items():
            if ours in attributes:
                attributes[theirs] = attributes.pop(ours)
        for name in shape.beside:
            if name in attributes:
                resource[name] = attributes.pop(name)
        if shape.id_attribute:
            resource["attributes"] = {"id": resource["id"], **attributes}
    relationships = resource.get("relationships")
    if relationships:
        for name, relationship in relationships.items():
            relationships[name] = _bare(relationship["data"])
        if shape.more:
            resource["attributes"] |= shape.more(relationships)


def _bare(linkage):
    """The identifier without its wrapping, its meta inline."""
    if isinstance(linkage, list):
        return [_bare(each) for each in linkage]
    if linkage and "meta" in linkage:
        return {"type": linkage["type"], "id": linkage["id"], **linkage["meta"]}
    return linkage
