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


def text(name: str, description: str) -> dict:
    return parameter("query", name, {"type": "string"}) | {"description": description}


def filter_schema(each) -> dict:
    name = type(each).__name__
    if name == "BooleanFilter":
        return {"type": "string", "enum": ["true", "false"]}
    if name == "IsoDateTimeFilter":
        return {"type": "string", "format": "date-time"}
    if name == "NumberFilter":
        return {"type": "integer"}
    if name == "Ids":
        return {"type": "string", "format": "uuid", "description": "One or more, with commas."}
    return {"type": "string", "minLength": 1}


def operation_id(method: str, path: str) -> str:
    words = path.removeprefix("/api/").replace("{", "").replace("}", "").split("/")
    return "_".join([method.lower(), *words])


def tag(path: str) -> str:
    parts = [part for part in path.split("/")[2:] if not re.fullmatch(r"v\d", part)]
    return parts[1] if parts[0] == "public" else parts[0]


def summary(action: str, path: str) -> str:
    noun = tag(path).replace("_", " ")
    words = {
        "list": f"Index {noun}",
        "create": f"Create: {noun}",
        "retrieve": f"Show one of {noun}",
        "partial_update": f"Update one of {noun}",
        "destroy": f"Delete one of {noun}",
        "linkage": f"Linkage of {noun}",
        "related": f"What {noun} are linked to",
        "refuse": f"Relationships of {noun} are changed with their resource",
    }
    return words.get(action, f"{action.replace('_', ' ').capitalize()}: {noun}")
