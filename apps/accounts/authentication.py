"""`Authorization: Bearer <token>`: a recruiter, looked at afresh with every request."""

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from apps.accounts.models import User
from apps.accounts.tokens import ACCESS, read


class BearerAuthentication(BaseAuthentication):
    keyword = b"bearer"

    def authenticate(self, request):
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != self.keyword:
            return None
        claims = read(header[1].decode("latin-1"), ACCESS) if len(header) == 2 else None
        user = User.objects.signed_in_by(claims) if claims else None
        if user is None:
            raise AuthenticationFailed(_("Sign in again: this token is not good."), "token_invalid")
        return user, claims

    def authenticate_header(self, request):
        return "Bearer"
