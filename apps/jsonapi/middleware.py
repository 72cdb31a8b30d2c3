"""What concerns every request: its id, a body without a length, what the caller has already."""

import re
import uuid
from contextvars import ContextVar
from io import BytesIO

from django.conf import settings
from django.core.exceptions import BadRequest
from django.middleware.http import ConditionalGetMiddleware

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
            try:
                body = stream.read(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
            except Exception as error:  # each server has its own for chunks that are none
                raise BadRequest("The chunks of the body can't be read.") from error
            about["CONTENT_LENGTH"], request._stream = str(len(body)), BytesIO(body)
        return self.get_response(request)


class ConditionalMiddleware(ConditionalGetMiddleware):
    """Django's, for HEAD as well: it answers what a GET would, without the body."""

    def process_response(self, request, response):
        if request.method != "HEAD":
            return super().process_response(request, response)
        request.method = "GET"
        try:
            response = super().process_response(request, response)
        finally:
            request.method = "HEAD"
        if not response.streaming:
            response.content = b""  # its length was told before
        return response
