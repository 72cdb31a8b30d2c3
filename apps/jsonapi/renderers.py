"""From finished JSON:API documents to bytes, in either media type."""

from rest_framework.renderers import BaseRenderer

from apps.jsonapi.media import DOCUMENTED, JSON, JSON_API, STRICT, dump, supported
from apps.jsonapi.shapes import documented


class JSONAPIRenderer(BaseRenderer):
    """Strict JSON:API 1.1."""

    media = STRICT
    media_type = JSON_API
    format = "jsonapi"
    charset = None
    render_style = "text"

    def answers(self, accepted) -> bool:
        named = f"{accepted.main_type}/{accepted.sub_type}" == JSON_API
        return named and supported(accepted.range_params)

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        return b"" if data is None else dump({"jsonapi": {"version": "1.1"}, **data})


class DocumentedRenderer(BaseRenderer):
    """The shape of the API reference, rewritten from the strict document."""

    media = DOCUMENTED
    media_type = JSON
    format = "json"
    charset = None
    render_style = "text"

    def answers(self, accepted) -> bool:
        return accepted.main_type in ("*", "application") and accepted.sub_type in ("*", "json")

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        return b"" if data is None else dump(documented(data))
