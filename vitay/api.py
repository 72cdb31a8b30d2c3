"""The API's operations without a resource: ping, and what Postman imports."""

import uuid
from functools import cache

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation

from apps.candidates.models import Candidate
from apps.jsonapi.media import JSON, dump
from apps.jsonapi.views import Wire
from apps.questions.models import QuestionSet
from apps.references.models import Reference, ReferenceRequest
from vitay import postman


class Anonymous(Wire):
    """Needs no login; knows who asks where somebody does."""

    permission_classes = []


TEXT = {"type": "string"}
VARIABLE = {
    "type": "object",
    "properties": {"key": TEXT, "value": TEXT, "type": TEXT, "enabled": {"type": "boolean"}},
    "required": ["key", "value", "type", "enabled"],
}
ENVIRONMENT = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "values": {"type": "array", "items": VARIABLE},
        "_postman_variable_scope": TEXT,
        "_postman_exported_at": TEXT,
        "_postman_exported_using": TEXT,
    },
    "required": ["id", "name", "values"],
}


class PingView(Anonymous):
    authentication_classes = []
    throttle_classes = []

    def get(self, request):
        return self.said("Pong")


class PostmanView(Anonymous):
    """A Postman environment, importable as it is; with a login, ids of the caller's own."""

    described = {"get": {"raw": ENVIRONMENT}}
    own = {
        "candidate_id": Candidate,
        "reference_request_id": ReferenceRequest,
        "reference_id": Reference,
        "question_set_id": QuestionSet,
    }

    def get(self, request):
        base = request.build_absolute_uri("/api")
        values = {"base_url": base, "email": "", "password": "", "access_token": ""}
        recruiter = getattr(request.user, "recruiter", None)
        if recruiter is not None:
            values |= {"firm_id": recruiter.hiring_firm_id, "recruiter_id": recruiter.pk}
            for name, model in self.own.items():
                first = model.objects.visible_to(request.user).first()
                values[name] = first.pk if first else ""
        secret = ("password", "access_token")
        environment = {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, base)),
            "name": "Vitay",
            "values": [
                {
                    "key": key,
                    "value": str(value),
                    "type": "secret" if key in secret else "default",
                    "enabled": True,
                }
                for key, value in values.items()
            ],
            "_postman_variable_scope": "environment",
            "_postman_exported_at": timezone.now(),
            "_postman_exported_using": f"Vitay/{settings.VERSION}",
        }
        return HttpResponse(dump(environment), content_type=JSON)


COLLECTION = {
    "type": "object",
    "properties": {
        "info": {"type": "object", "properties": {"name": TEXT, "schema": TEXT}},
        "item": {"type": "array", "items": {"type": "object", "properties": {"name": TEXT}}},
        "auth": {"type": "object", "properties": {"type": TEXT}},
    },
    "required": ["info", "item"],
}


@cache
def rendered_schema() -> bytes:
    """The same for everybody and in every language, and long to build: once per process."""
    return dump(SchemaGenerator().get_schema(public=True))


@cache
def rendered_collection() -> bytes:
    return dump(postman.collection(orjson.loads(rendered_schema())))


class PostmanCollectionView(Anonymous):
    """Every operation with its example, for the environment's variables."""

    authentication_classes = []
    described = {"get": {"raw": COLLECTION}}

    def get(self, request):
        return HttpResponse(rendered_collection(), content_type=JSON)


class SchemaView(SpectacularJSONAPIView):
    """OpenAPI 3.1, both media types."""

    schema = None
    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    content_negotiation_class = DefaultContentNegotiation

    def get(self, request):
        return HttpResponse(rendered_schema(), content_type=request.accepted_renderer.media_type)


class DocsView(SpectacularSwaggerSplitView):
    """The documentation to read and try; its assets are served from here."""

    schema = None
    url_name = "schema"
    template_name = "api/docs.html"
    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    content_negotiation_class = DefaultContentNegotiation
