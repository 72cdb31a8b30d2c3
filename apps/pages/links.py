"""From a link in a message to the page it opens.

The 44 characters of the token are the whole proof: there is no login and no cookie. So there is
nothing that another site could borrow, and forms carry no CSRF token, which mail programs'
browsers without cookies could not send back; who can forge a form's address holds the token.
Browsers that say so (`Sec-Fetch-Site`) are still refused a form sent from another site.
"""

import logging
import math
from functools import wraps
from zoneinfo import ZoneInfo

from csp.constants import HEADER, NONCE, NONE, SELF
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import Throttled

from apps.answers.actions import answer_in
from apps.jsonapi.errors import RETRY_AFTER_OUTAGE
from apps.jsonapi.throttling import counted_address
from apps.links.authentication import WRONG_LINKS
from apps.links.tokens import Purpose, read, resolve

logger = logging.getLogger(__name__)
LANGUAGES = [code for code, _name in settings.LANGUAGES]
POLICY = {
    "default-src": [NONE],
    "style-src": [SELF, NONCE],
    "script-src": [SELF],
    "img-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}


class LinkConverter:
    """The tokens of one purpose: the table of addresses says who opens what."""

    regex = r"[A-Za-z0-9_-]{44}"
    purpose: Purpose

    def to_python(self, value: str) -> str:
        link = read(value)
        if link is None or link.purpose != self.purpose:
            raise ValueError
        return value

    def to_url(self, value: str) -> str:
        return value


class RequestLink(LinkConverter):
    purpose = Purpose.REQUEST


class ReferenceLink(LinkConverter):
    purpose = Purpose.REFERENCE


class VerificationLink(LinkConverter):
    purpose = Purpose.VERIFICATION


class PasswordLink(LinkConverter):
    purpose = Purpose.PASSWORD


def private(view):
    """Never cached, never indexed, tells no other site, runs nothing but our own files."""

    @wraps(view)
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    def wrapped(request, *args, **kwargs):
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            response = page(request, "pages/wrong_link.html", status=403)
        else:
            try:
                response = view(request, *args, **kwargs)
            except (OperationalError, InterfaceError) as error:
                logger.error("database_unavailable", extra={"error": type(error).__name__})
                response = sorry(request, "pages/trouble.html", 503)
                response["Retry-After"] = str(RETRY_AFTER_OUTAGE)
        return guard(request, response)

    return wrapped


def guard(request, response):
    policy = POLICY | {"img-src": [SELF, *_logo_origin()]}
    response[HEADER] = build_policy(config=policy, nonce=str(request.csp_nonce))
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True, private=True)
    return response


def linked(view=None, *, states=None):
    """A view of what the token opens: `view(request, target, …)`.

    Only while its firm is open, the target in one of `states` and its link live; else its home
    page says what to do. The first GET notes that it was opened, a HEAD changes nothing.
    """
    if view is None:
        return lambda view: linked(view, states=states)

    @wraps(view)
    def wrapped(request, token, **kwargs):
        purpose, target = resolve(token) or (None, None)
        if target is None:
            return unknown(request)
        request.link, request.target = f"/r/{token}", target
        try:
            with (
                translation.override(_language(request, target)),
                timezone.override(ZoneInfo(_zone(target))),
            ):
                response = shown(request, purpose, target, **kwargs)
                response["Content-Language"] = translation.get_language()
        except ObjectDoesNotExist:
            if request.method != "POST" and resolve(token):
                raise
            return HttpResponseRedirect(request.link)  # deleted or merged meanwhile: home tells
        return response

    def shown(request, purpose, target, **kwargs):
        try:
            if (firm := getattr(target, "hiring_firm", None)) and not firm.is_open:
                return closed(request, firm)
            if states is not None and (target.status not in states or not target.link_is_live):
                return go(request)
            if request.method == "POST" and target.link_is_live:
                _remember_language(purpose, target)
            if request.method == "GET" and hasattr(target, "open") and target.link_is_live:
                target.open()
            return view(request, target, **kwargs)
        except Http404:
            return go(request)
        except ValidationError as error:
            if getattr(error, "code", None) != "state":
                raise
            return go(request)  # it has moved on in another window: home tells how

    return private(wrapped)


@private
def unknown(request, rest: str = ""):
    """A link that opens nothing: mistyped, cut, replaced by a newer one, or guessed."""
    with translation.override(_language(request, None)):
        try:
            WRONG_LINKS.take(counted_address(request) or "")
        except Throttled as spent:
            return too_many(request, spent)
        return page(request, "pages/wrong_link.html", status=404)


def too_many(request, spent: Throttled):
    minutes = math.ceil(spent.wait / 60)
    response = page(request, "pages/too_many.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(spent.wait)
    return response


def closed(request, firm):
    """The firm was suspended or has left: nothing is taken, and nothing is lost."""
    erased_on = firm.deleted_at and firm.deleted_at + firm.GRACE
    return page(request, "pages/closed.html", {"erased_on": erased_on}, status=410)


def sorry(request, template: str, status: int):
    """For when nothing can be asked of the database: nobody's page, in the browser's language."""
    request.target = None
    with translation.override(_language(request, None)):
        return guard(request, page(request, template, status=status))


def in_language(view):
    """A page that is not a link's: in the language asked for, else the browser's."""

    @wraps(view)
    def wrapped(request):
        with translation.override(_language(request, None)):
            response = view(request)
            response["Content-Language"] = translation.get_language()
        return response

    return wrapped


def page(request, template: str, context: dict | None = None, *, status: int = 200):
    """Render a page in its frame: the firm, the other language, the way back."""
    target = getattr(request, "target", None)
    language = translation.get_language()
    other = "en" if language == "fr" else "fr"
    frame = {
        "firm": getattr(target, "hiring_firm", None),
        "language": language,
        "other_language": other,
        "other_address": f"{request.path}?lang={other}",
        "link": getattr(request, "link", ""),
        "lang": _lang(request),
        "support": settings.SUPPORT_EMAIL,
        "target": target,
    }
    if requested_by := getattr(target, "requested_by", None):
        frame |= {"recruiter": requested_by, "request_firm": target.hiring_firm}
    return render(request, template, frame | (context or {}), status=status)


def go(request, step: str = "") -> HttpResponseRedirect:
    """To another page of the same link, in the same language."""
    return HttpResponseRedirect(f"{request.link}{step}{_lang(request)}")


def _lang(request) -> str:
    """What keeps a language that was only looked at: it is remembered with the first answer."""
    target = getattr(request, "target", None)
    language = translation.get_language()
    known = getattr(target, "message_language", None)
    return "" if known == language or request.GET.get("lang") is None else f"?lang={language}"


def _language(request, target) -> str:
    wanted = request.GET.get("lang")
    if wanted in LANGUAGES:
        return wanted
    known = getattr(target, "message_language", None) or getattr(
        getattr(target, "user", None), "language", None
    )
    return known or translation.get_language_from_request(request)


def _remember_language(purpose: Purpose, target) -> None:
    """Saving something in a language chooses it: for the messages to come too."""
    language = translation.get_language()
    if getattr(target, "message_language", language) == language:
        return
    if purpose == Purpose.REFERENCE:
        answer_in(target, language)
    elif purpose == Purpose.REQUEST:
        target.candidate.change(target.candidate, language=language)
    elif purpose == Purpose.VERIFICATION:
        target.change(target, language=language)


def _zone(target) -> str:
    firm = getattr(target, "hiring_firm", None)
    return firm.time_zone if firm else settings.TIME_ZONE


def _logo_origin() -> list[str]:
    """Where logos lie when they are not with us."""
    base = default_storage.url("logo")
    return ["/".join(base.split("/")[:3])] if base.startswith("http") else []
