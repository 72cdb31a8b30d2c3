"""What concerns every request before anybody reads it: its id, and a body without a length."""

import re
import uuid
from contextvars import ContextVar
from io import BytesIO

from django.conf import settings

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


class ChunkedBodyMiddleware:
    """Clients that stream name no length, and without one nobody reads a body: here it gets one.

    What is longer than anything that is taken is cut just past that, and then refused as any
    other that is too large.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        about = request.META
        if "HTTP_TRANSFER_ENCODING" in about and not about.get("CONTENT_LENGTH"):
            stream = about["wsgi.input"] if about.get("wsgi.input_terminated") else request
            body = stream.read(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
            about["CONTENT_LENGTH"], request._stream = str(len(body)), BytesIO(body)
        return self.get_response(request)
