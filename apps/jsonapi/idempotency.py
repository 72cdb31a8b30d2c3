"""Idempotency-Key: an unsafe call is carried out once, however often it is sent."""

import hashlib

import orjson
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from apps.jsonapi.errors import Problem
from apps.jsonapi.media import dump
from apps.jsonapi.models import IdempotentResponse

KEPT_HEADERS = ("Content-Type", "Location", "Retry-After", "Vitay-Ignored")


def once(view, request, key: str, run):
    """Run and keep the answer, or give the kept one again.

    The key's row is committed first and locked while the call runs, so that another meanwhile is
    told to wait, and none has to wait for a call that died: its lock went with its connection.
    The answer is stored in the transaction of the effect: there is never one without the other.
    """
    if not 1 <= len(key) <= 255 or not key.isprintable():
        raise Problem(400, "bad_idempotency_key", _("Give 1 to 255 printable characters."))
    fields, fingerprint = _identity(view, request, key), _fingerprint(view, request)
    rows = IdempotentResponse.objects
    rows.filter(**fields).stale().delete()
    row, _new = rows.get_or_create(**fields, defaults={"fingerprint": fingerprint})
    if row.fingerprint != fingerprint:
        raise Problem(422, "idempotency_key_reused", _("This key came with another body before."))
    with transaction.atomic():
        # SQLite locks no rows: there the other call waited for this transaction to begin.
        row = rows.select_for_update(skip_locked=True).filter(pk=row.pk).first()
        if row is None:
            detail = _("Another call with this key is running.")
            raise Problem(409, "in_progress", detail, wait=1)
        if row.status is None:
            response = _run(view, run)
            if response.status_code != 429 and response.status_code < 500:
                _keep(row, response, request.method)
            return response
    if row.is_forgotten:
        raise Problem(409, "gone", _("What this call made has been deleted since."))
    return view.finalize_response(request, _replayed(row), *view.args, **view.kwargs)


def _run(view, run) -> HttpResponse:
    """The rendered answer; an error's effects are undone, its answer is kept as well."""
    try:
        with transaction.atomic():
            response = run()
    except Exception as error:
        response = view.handle_exception(error)
    response = view.finalize_response(view.request, response, *view.args, **view.kwargs)
    return response.render() if hasattr(response, "render") else response


def _identity(view, request, key: str) -> dict:
    actor = f"{type(request.user).__name__}:{getattr(request.user, 'pk', None) or 'nobody'}"
    route = f"{request.method} {request.path}?{request.META.get('QUERY_STRING', '')}"
    route = route if len(route) <= 300 else hashlib.sha256(route.encode()).hexdigest()
    return {"actor": actor, "route": route, "key": key}


def _fingerprint(view, request) -> str:
    accept = request.accepted_renderer.media_type.encode()
    return hashlib.sha256(accept + b"\n" + view.fingerprint()).hexdigest()


def _keep(row: IdempotentResponse, response: HttpResponse, method: str) -> None:
    row.status = response.status_code
    row.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    row.body = response.content.decode()
    if method == "DELETE" and row.status == 200:  # of what is gone, only which one it was
        gone = orjson.loads(row.body)["data"]
        row.body = dump({"data": {"type": gone["type"], "id": gone["id"]}}).decode()
    row.save(update_fields=["status", "headers", "body"])


def _replayed(row: IdempotentResponse) -> HttpResponse:
    response = HttpResponse(row.body, status=row.status, headers=row.headers)
    response["Idempotent-Replayed"] = "true"
    if "Content-Type" not in row.headers:  # a 204's: Django names one where none is given
        del response["Content-Type"]
    return response
