"""`Authorization: Link <token>`: a respondent, who may see and answer one thing."""

import uuid
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotFound

from apps.jsonapi.throttling import Rate, counted_address
from apps.links.tokens import Purpose, read, resolve

WRONG_LINKS = Rate("wrong-link", 20, 60)  # per address, wherever a link is given
RESPONDING = (Purpose.REQUEST, Purpose.REFERENCE, Purpose.VERIFICATION)


@dataclass(frozen=True)
class Respondent:
    """Who holds a link. Stands where a user stands; has no account."""

    purpose: Purpose
    target: models.Model

    is_authenticated = True
    is_anonymous = False
    is_active = True
    is_staff = False
    recruiter = None

    @property
    def pk(self) -> uuid.UUID:
        return self.target.pk

    @property
    def hiring_firm(self):
        return self.target.hiring_firm


def respondent(token: str) -> Respondent | None:
    """The holder of a live link: signature good, and the target still open to it."""
    found = resolve(token)
    if found is None or found[0] not in RESPONDING or not found[1].link_is_live:
        return None
    return Respondent(*found)


def holder(request, token: str) -> Respondent | None:
    """The respondent who makes this request; wrong links are counted."""
    address = counted_address(request) or ""
    WRONG_LINKS.take(address)
    found = respondent(token)
    if found is not None:
        WRONG_LINKS.give_back(address)
    return found


class LinkAuthentication(BaseAuthentication):
    keyword = b"link"

    def authenticate(self, request):
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != self.keyword:
            return None
        found = holder(request, header[1].decode("latin-1")) if len(header) == 2 else None
        if found is None:
            raise AuthenticationFailed(
                _("This link is not valid or has ended."), code="link_invalid"
            )
        return found, None

    def authenticate_header(self, request):
        return "Bearer"


class GivenLinkAuthentication(BaseAuthentication):
    """The same link where the reference's id would stand: in the path, or as the body's id."""

    def authenticate(self, request):
        token = request.parser_context["kwargs"].get("pk") or self._named(request)
        if not isinstance(token, str) or read(token) is None:
            return None
        found = holder(request, token)
        if found is None:
            raise NotFound
        return found, None

    def authenticate_header(self, request):
        return "Bearer"

    @staticmethod
    def _named(request):
        document = request.data if request.method == "POST" else {}
        data = document.get("data")
        return data.get("id") if isinstance(data, dict) else None
