"""From bytes to JSON documents: size, encoding, depth and characters are settled here."""

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser, MultiPartParser

from apps.jsonapi.errors import Problem, step
from apps.jsonapi.media import DOCUMENTED, JSON, JSON_API, STRICT, supported

MAX_BYTES = 1_048_576
MAX_FORM_BYTES = settings.FILE_UPLOAD_MAX_MEMORY_SIZE - 1  # what comes in chunks is cut beyond
MAX_DEPTH = 20


def too_large(most: int = MAX_BYTES) -> Problem:
    return Problem(413, "too_large", _("At most %(most)s bytes are taken.") % {"most": most})


def load(raw: bytes) -> object:
    """The JSON of a body, or a problem that says what is wrong with it."""
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Problem(
            400, "parse_error", _("The body is not JSON: %(error)s.") % {"error": error}
        ) from error
    _inspect(document, suspicious=b"\\u0000" in raw)
    return document


def _inspect(document: object, *, suspicious: bool) -> None:
    """Bound the depth and refuse NUL characters, which databases and logs choke on."""
    level, depth = [("", document)], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Problem(
                400, "too_deep", _("Nesting ends at %(most)s levels.") % {"most": MAX_DEPTH}
            )
        below = []
        for pointer, value in level:
            if isinstance(value, dict):
                if suspicious and any("\0" in name for name in value):
                    raise Problem(400, "nul", _("NUL characters are not allowed."), pointer=pointer)
                below += [(f"{pointer}/{step(name)}", each) for name, each in value.items()]
            elif isinstance(value, list):
                below += [(f"{pointer}/{place}", each) for place, each in enumerate(value)]
            elif suspicious and isinstance(value, str) and "\0" in value:
                raise Problem(422, "nul", _("NUL characters are not allowed."), pointer=pointer)
        level = below


class DocumentedParser(BaseParser):
    """JSON, which is always UTF-8."""

    media = DOCUMENTED
    media_type = JSON

    def takes(self, parameters: dict) -> bool:
        charset = parameters.get("charset", "utf-8").lower()
        return charset in ("utf-8", "utf8", "us-ascii")

    def parse(self, stream, media_type=None, parser_context=None):
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise too_large()
        document = load(raw)
        if not isinstance(document, dict):
            raise Problem(400, "parse_error", _("A document is a JSON object."), pointer="")
        return document


class FormParser(MultiPartParser):
    """A form with a file."""

    def takes(self, parameters: dict) -> bool:
        return bool(parameters.get("boundary"))


class JSONAPIParser(DocumentedParser):
    """The same under JSON:API's name, which takes no charset."""

    media = STRICT
    media_type = JSON_API

    def takes(self, parameters: dict) -> bool:
        return supported(parameters)
