"""The small parts that an operation of the schema is made of."""

import re


def document_of(data: dict, strict: bool, member: str = "data") -> dict:
    found = {"type": "object", "properties": {member: data}, "required": [member]}
    if strict:
        found["properties"]["jsonapi"] = {
            "type": "object",
            "properties": {"version": {"const": "1.1"}},
            "required": ["version"],
        }
        address = {"type": ["string", "null"]}
        found["properties"]["links"] = {"type": "object", "additionalProperties": address}
    return found


def any_of(schemas: list) -> dict:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def answer(description: str, content: dict) -> dict:
    return {"description": description, "content": content}


def parameter(where: str, name: str, schema: dict, required: bool = False) -> dict:
    return {"in": where, "name": name, "schema": schema, "required": required}


def words(name: str, known: list[str]) -> dict:
    """A parameter of several words, with commas."""
    schema = {"type": "array", "items": {"type": "string", "enum": known}, "minItems": 1}
    return parameter("query", name, schema) | {"style": "form", "explode": False}


def filter_parameter(name: str, each) -> dict:
    kind = type(each).__name__
    if kind == "Known":
        return words(name, [value for value, _ in each.extra["choices"]])
    schemas = {
        "Flag": {"type": "string", "enum": ["true", "false", "1", "0"]},
        "MomentFilter": {"type": "string", "format": "date-time"},
        "NumberFilter": {"type": "number", "maximum": 1e50},
        "Ids": {"type": "string", "format": "uuid", "description": "One or more, with commas."},
    }
    return parameter("query", name, schemas.get(kind, {"type": "string", "minLength": 1}))


def operation_id(method: str, path: str) -> str:
    words = path.removeprefix("/api/").replace("{", "").replace("}", "").split("/")
    return "_".join([method.lower(), *words])


def tag(path: str) -> str:
    parts = [part for part in path.split("/")[2:] if not re.fullmatch(r"v\d", part)]
    return parts[1] if parts[0] == "public" else parts[0]


def summary(action: str, kind: str) -> str:
    """In the words of the API reference; `kind` is the type of the resource."""
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
    one = f"an {noun}" if noun[0] in "aeio" else f"a {noun}"
    many = "metadata" if noun == "metadatum" else re.sub("ys$", "ies", f"{noun}s")
    words = {
        "list": f"Index all {many}",
        "create": f"Create {one}",
        "retrieve": f"Show specific {noun}",
        "partial_update": f"Update {one}",
        "destroy": f"Delete {one}",
        "linkage": f"Show a relationship of {one}",
        "related": f"Show what {one} is linked to",
        "refuse": f"Refused: a relationship changes by an update of its {noun}",
    }
    return words.get(action, f"{action.capitalize()} {one}")
