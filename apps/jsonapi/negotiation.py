"""Which of the two media types a request speaks, and which its answer."""

from rest_framework.exceptions import NotAcceptable, UnsupportedMediaType
from rest_framework.negotiation import BaseContentNegotiation

from apps.jsonapi.media import JSON_API, supported


class ContentNegotiation(BaseContentNegotiation):
    """The documented shape unless JSON:API is asked for; the two directions choose separately."""

    def select_parser(self, request, parsers):
        request = request._request
        encoding = request.headers.get("Content-Encoding", "identity")
        if encoding.lower() != "identity":
            raise UnsupportedMediaType(encoding)
        content_type = (request.content_type or "").lower()
        for parser in parsers:
            if parser.media_type == content_type and parser.takes(request.content_params):
                return parser
        raise UnsupportedMediaType(request.headers.get("Content-Type", ""))

    def select_renderer(self, request, renderers, format_suffix=None):
        if not request.headers.get("Accept", "*/*").strip():  # empty: as if there were none
            return renderers[0], renderers[0].media_type
        try:
            accepted = request._request.accepted_types
        except (LookupError, ValueError) as error:  # parameters in no known encoding
            raise NotAcceptable() from error
        jsonapi = [each for each in accepted if f"{each.main_type}/{each.sub_type}" == JSON_API]
        if jsonapi and not any(supported(each.range_params) for each in jsonapi):
            raise NotAcceptable()
        for each in accepted:
            for renderer in renderers:
                if renderer.answers(each):
                    return renderer, renderer.media_type
        raise NotAcceptable()
