"""Idempotency-Key: an unsafe call is carried out once, however often it is sent."""

import hashlib

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone

from apps.jsonapi.errors import Problem
from apps.jsonapi.models import IdempotentResponse

KEPT_HEADERS = ("Content-Type", "Location", "Retry-After", "Vitay-Ignored")


def once(view, request, key: str, run):
    """Run and keep the answer, or give the kept one again.

    The lease is committed first, so that a second call meanwhile is told to wait; the answer is
    stored in the transaction of the effect, so that there is never one without the other.
    """
    if not 1 <= len(key) <= 255 or not key.isprintable():
        raise Problem(400, "bad_idempotency_key", "Give 1 to 255 printable characters.")
    row = _lease(view, request, key)
    if row.status is not None:
        return view.finalize_response(request, _replayed(row), *view.args, **view.kwargs)
    try:
        with transaction.atomic():
            response = _run(view, run)
            keep = response.status_code != 429 and response.status_code < 500
            mine = IdempotentResponse.objects.filter(pk=row.pk, lease_until=row.lease_until)
            if keep and not mine.update(
                status=response.status_code,
                headers={name: response[name] for name in KEPT_HEADERS if name in response},
                body=response.content.decode(),
            ):
                # The lease ran out and another call took over: its effect is the one that counts.
                raise Problem(409, "in_progress", "Another call with this key is running.")
    except BaseException:
        _give_up(row)
        raise
    if not keep:
        _give_up(row)
    return response


def _run(view, run) -> HttpResponse:
    """The rendered answer; an error's effects are undone, its answer is kept as well."""
    try:
        with transaction.atomic():
            response = run()
    except Exception as error:
        response = view.handle_exception(error)
    response = view.finalize_response(view.request, response, *view.args, **view.kwargs)
    return response.render() if hasattr(response, "render") else response


def _lease(view, request, key: str) -> IdempotentResponse:
    now = timezone.now()
    actor = f"{type(request.user).__name__}:{getattr(request.user, 'pk', None) or 'nobody'}"
    route = f"{request.method} {request.path}?{request.META.get('QUERY_STRING', '')}"
    route = route if len(route) <= 300 else hashlib.sha256(route.encode()).hexdigest()
    fields = {"actor": actor, "route": route, "key": key}
    accept = request.accepted_renderer.media_type.encode()
    fingerprint = hashlib.sha256(accept + b"\n" + view.fingerprint()).hexdigest()
    # The microseconds also tell two leases of one row apart.
    lease = now + IdempotentResponse.LEASE
    rows = IdempotentResponse.objects
    rows.filter(**fields).stale().delete()
    try:
        with transaction.atomic():
            return rows.create(**fields, fingerprint=fingerprint, lease_until=lease)
    except IntegrityError:
        row = rows.filter(**fields).first()
    if row is not None and row.fingerprint != fingerprint:
        raise Problem(422, "idempotency_key_reused", "This key came with another body before.")
    if row is not None and row.status is not None:
        return row
    stale = rows.filter(**fields, status=None, lease_until__lte=now)
    if row is None or not stale.filter(lease_until=row.lease_until).update(lease_until=lease):
        raise Problem(409, "in_progress", "Another call with this key is running.")
    row.lease_until = lease
    return row


def _give_up(row: IdempotentResponse) -> None:
    IdempotentResponse.objects.filter(pk=row.pk, lease_until=row.lease_until).delete()


def _replayed(row: IdempotentResponse) -> HttpResponse:
    response = HttpResponse(row.body, status=row.status, headers=row.headers)
    response["Idempotent-Replayed"] = "true"
    return response
