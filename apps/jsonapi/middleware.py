"""Every response carries the id under which the logs know its request."""

import re
import uuid
from contextvars import ContextVar

current = ContextVar("request_id", default="")
SANE = re.compile(r"[\w.:-]{1,64}", re.ASCII)


class RequestIdMiddleware:
    """X-Request-Id: the caller's where it is sane, else one of ours."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-Id", "")
        request.id = given if SANE.fullmatch(given) else uuid.uuid4().hex
        token = current.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        response["X-Request-Id"] = request.id
        return response
