"""The two media types: what differs between them, as data."""

from typing import NamedTuple

import orjson

JSON = "application/json"
JSON_API = "application/vnd.api+json"
PARAMETERS = {"ext", "profile"}  # all that JSON:API allows its media type to carry


def supported(parameters: dict) -> bool:
    """Only JSON:API's own parameters, and no extension, for we have none."""
    return parameters.keys() <= PARAMETERS and not parameters.get("ext")


class Media(NamedTuple):
    """How one media type answers."""

    type: str
    strict: bool  # JSON:API to the letter; else the documented shape, and lenient reading
    created: int
    deleted: int
    unsupported: int  # a method that a resource does not have


DOCUMENTED = Media(JSON, strict=False, created=200, deleted=200, unsupported=405)
STRICT = Media(JSON_API, strict=True, created=201, deleted=204, unsupported=403)


def dump(document: object) -> bytes:
    return orjson.dumps(document, default=str, option=orjson.OPT_UTC_Z)


def encoded(address: str) -> str:
    """Brackets are data in a query, and are written so."""
    return address.replace("[", "%5B").replace("]", "%5D")
