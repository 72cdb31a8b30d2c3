"""The API's operations without a resource: ping, and what Postman imports."""

import uuid

from django.conf import settings
from django.utils import timezone
from rest_framework.response import Response

from apps.candidates.models import Candidate
from apps.jsonapi.views import Wire
from apps.questions.models import QuestionSet
from apps.references.models import Reference, ReferenceRequest


class Anonymous(Wire):
    """Needs no login; knows who asks where somebody does."""

    permission_classes = []


class PingView(Anonymous):
    authentication_classes = []
    throttle_classes = []

    def get(self, request):
        return self.said("Pong")


class PostmanView(Anonymous):
    """A Postman environment, importable as it is; with a login, ids of the caller's own."""

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
        return Response(
            {
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
        )
