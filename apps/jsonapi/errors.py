"""Every error, once: exceptions to JSON:API error documents. The domain knows no status codes."""

import logging

from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse, QueryDict
from django.urls import resolve
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response

from apps.jsonapi.media import JSON, JSON_API, dump

logger = logging.getLogger(__name__)

# The one table from codes to statuses; a code that is not in it is 422.
STATUSES = {
    "parse_error": 400,
    "login_failed": 401,
    "token_invalid": 401,
    "link_invalid": 401,
    "not_allowed": 403,
    "account_inactive": 403,
    "staff": 403,
    "not_found": 404,
    "does_not_exist": 404,
    "incorrect_relation_type": 409,
    "already_submitted": 409,
    "answer_locked": 409,
    "locked": 409,
    "erased": 409,
    "last_root": 409,
    "reminder_rate_exceeded": 429,
    "throttled": 429,
}
RETRY_AFTER_OUTAGE = 5  # seconds


class Problem(exceptions.APIException):
    """An error of the wire: what is wrong, and which member or parameter it is about."""

    def __init__(
        self, status, code, detail, *, field=None, pointer=None, parameter=None, wait=None
    ):
        super().__init__(detail, code)
        self.status_code, self.wait = status, wait
        self.field, self.pointer, self.parameter = field, pointer, parameter


def error(status, code, detail, *, source=None, meta=None) -> dict:
    found = {
        "status": str(status),
        "code": code,
        "title": code.replace("_", " ").capitalize(),
        "detail": str(detail),
    }
    if source:
        found["source"] = source
    if meta:
        found["meta"] = meta
    return found


def exception_handler(exc, context) -> Response:
    """DRF's hook. Nothing gets past it, so that nothing answers in HTML."""
    request = context["request"]
    errors, headers = described(exc, request)
    status = int(errors[0]["status"])
    if len({each["status"] for each in errors}) > 1:
        status = 400 if any(each["status"] == "400" for each in errors) else 422
    if status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return Response({"errors": errors}, status=status, headers=headers)


def described(exc, request) -> tuple[list[dict], dict]:
    """The error objects of an exception, and the headers that go with them."""
    match exc:
        case Problem():
            headers = {"Retry-After": str(exc.wait)} if exc.wait else {}
            return [_problem(exc, request)], headers
        case DjangoValidationError():
            return _from_rules(exc, request)
        case exceptions.ValidationError():
            return list(_from_serializer(exc.get_full_details(), (), request)), {}
        case Http404() | exceptions.NotFound():
            return [not_found()], {}
        case ObjectDoesNotExist() if not isinstance(exc, AttributeError):
            return [not_found()], {}  # deleted since it was looked up
        case PermissionDenied():
            return [error(403, "permission_denied", str(exc) or _("You may not do this."))], {}
        case RequestDataTooBig():
            return [error(413, "too_large", _("The body is too large."))], {}
        case SuspiciousOperation():
            return [error(400, "bad_request", _("The request is malformed."))], {}
        case exceptions.APIException():
            headers = {}
            if getattr(exc, "auth_header", None):
                headers["WWW-Authenticate"] = exc.auth_header
            if getattr(exc, "wait", None):
                headers["Retry-After"] = str(int(exc.wait))
            if hasattr(exc, "rate"):
                headers |= exc.rate.told(0, int(exc.wait))
            codes = exc.get_codes()
            code = codes if isinstance(codes, str) else "error"
            return [error(exc.status_code, code, exc.detail)], headers
        case OperationalError() | InterfaceError():
            logger.error("database_unavailable", extra={"error": type(exc).__name__})
            return [unavailable()], {"Retry-After": str(RETRY_AFTER_OUTAGE)}
        case IntegrityError():
            # Two did the same thing at once; the constraint let one of them. The first line names
            # it; what follows on PostgreSQL is the row with all that it says of somebody.
            logger.warning("lost_a_race", extra={"error": str(exc).partition("\n")[0]})
            return [error(409, "conflict", _("Somebody else changed this; try again."))], {}
    logger.error("unhandled", exc_info=exc)
    got_request_exception.send(sender=None, request=getattr(request, "_request", request))
    return [error(500, "error", _("Something went wrong on our side."))], {}


def not_found() -> dict:
    """One error for what is missing, foreign or malformed, byte for byte."""
    return error(404, "not_found", _("Not found."))


def unavailable() -> dict:
    return error(503, "unavailable", _("The service can't be reached for the moment."))


def _problem(exc: Problem, request) -> dict:
    source = None
    if exc.parameter is not None:
        source = {"parameter": exc.parameter}
    elif exc.field is not None:
        source = {"pointer": _existing(request, _pointer(request, (exc.field,)))}
    elif exc.pointer is not None:
        source = {"pointer": exc.pointer}
    return error(exc.status_code, exc.get_codes(), exc.detail, source=source)


def _from_rules(exc: DjangoValidationError, request) -> tuple[list[dict], dict]:
    """A rule said no: message, code and params of Django's ValidationError."""
    errors, headers = [], {}
    fields = exc.error_dict if hasattr(exc, "error_dict") else {"__all__": exc.error_list}
    for field, problems in fields.items():
        for problem in problems:
            code, params = problem.code or "invalid", problem.params or {}
            status = STATUSES.get(code, 422)
            if "retry_after" in params:
                headers["Retry-After"] = str(max(1, round(params["retry_after"])))
            detail = problem.message % problem.params if problem.params else problem.message
            path = () if field == "__all__" else tuple(field.split("."))
            if path:  # `at` is where in the field's value
                name = getattr(request, "names", {}).get(path[0], path[0])
                path = (name, *path[1:], *params.get("at", ()))
            errors.append(_about(path, status, code, detail, request))
    return errors, headers


def _from_serializer(details, path: tuple, request):
    """DRF's nested details, flattened: dictionaries by name, lists by place."""
    if isinstance(details, dict) and details.keys() == {"message", "code"}:
        code = details["code"]
        yield _about(path, STATUSES.get(code, 422), code, details["message"], request)
    elif isinstance(details, dict):
        for name, below in details.items():
            deeper = path if name == "non_field_errors" else (*path, name)
            yield from _from_serializer(below, deeper, request)
    else:
        for below in details:
            yield from _from_serializer(below, path, request)


def _about(path: tuple, status: int, code: str, detail, request) -> dict:
    """An error about a field: its pointer, cut to what the request does hold."""
    if not path:
        return error(status, code, detail)
    wanted = _pointer(request, path)
    pointer = _existing(request, wanted)
    if pointer != wanted and not isinstance(request._full_data, QueryDict):  # no form
        detail = f"{path[0]}: {detail}"
    source = None if pointer is None else {"pointer": pointer}
    return error(status, code, detail, source=source, meta={"field": ".".join(map(str, path))})


def _pointer(request, path: tuple) -> str:
    """Where the request has a field; the view notes it when it reads the body."""
    name, *rest = map(str, path)
    known = getattr(request, "pointers", {})
    return "/".join([known.get(name, f"/data/attributes/{name}"), *rest])


def step(name: str) -> str:
    """A client's own name as part of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _existing(request, pointer: str) -> str | None:
    """The pointer, or its nearest ancestor that is in the request; None without a body."""
    document = getattr(request, "_full_data", None)
    if not isinstance(document, dict) or isinstance(document, QueryDict) or not document:
        return None
    here, found = document, ""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and name in here:
            here = here[name]
        elif isinstance(here, list) and name.isdecimal() and int(name) < len(here):
            here = here[int(name)]
        else:
            break
        found += f"/{part}"
    return found


def document(request, *errors: dict, headers: dict | None = None) -> HttpResponse:
    """An error document outside of DRF's views."""
    from_strict = JSON_API in request.headers.get("Accept", "")
    body = {"jsonapi": {"version": "1.1"}} if from_strict else {}
    body["errors"] = list(errors)
    return HttpResponse(
        dump(body),
        status=int(errors[0]["status"]),
        content_type=JSON_API if from_strict else JSON,
        headers={"Vary": "Accept", **(headers or {})},
    )


@csrf_exempt
def unrouted(request, *args, **kwargs) -> HttpResponse:
    """What no operation has: the same 404 as a missing resource."""
    return document(request, not_found())


@csrf_exempt
def slashed(request, path: str) -> HttpResponse:
    """A slash at the end is overlooked, as the original's router does."""
    request.resolver_match = found = resolve(f"/api/{path}")
    return found.func(request, *found.args, **found.kwargs)


def bad_request(request) -> HttpResponse:
    return document(request, error(400, "bad_request", _("The request is malformed.")))


def permission_denied(request, exception):
    if not request.path.startswith("/api/"):
        return defaults.permission_denied(request, exception)
    return document(request, error(403, "permission_denied", _("You may not do this.")))


def server_error(request) -> HttpResponse:
    return document(request, error(500, "error", _("Something went wrong on our side.")))
