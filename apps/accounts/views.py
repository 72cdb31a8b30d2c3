from datetime import UTC, datetime

from django.utils.translation import gettext as _
from rest_framework.response import Response

from apps.accounts import sessions
from apps.accounts.filters import UserFilters
from apps.accounts.models import User
from apps.accounts.serializers import (
    LoginSerializer,
    NewPasswordSerializer,
    RefreshSerializer,
    ResetSerializer,
    UserSerializer,
)
from apps.accounts.tokens import ACCESS, LIFE, REFRESH, issue
from apps.jsonapi.errors import Problem
from apps.jsonapi.ids import uuid7
from apps.jsonapi.parsers import DocumentedParser
from apps.jsonapi.permissions import RecruiterOnly
from apps.jsonapi.schema_parts import ID
from apps.jsonapi.shapes import Document, Shape
from apps.jsonapi.throttling import counted_address
from apps.jsonapi.views import ResourceViews, Wire


def _schema(kind: str, *strings: str, **others) -> dict:
    """The resource of a session: strings, and what else it holds."""
    held = {name: {"type": "string"} for name in strings} | others
    attributes = {"type": "object", "properties": held, "required": list(strings)}
    properties = {"type": {"const": kind}, "id": ID, "attributes": attributes}
    return {"type": "object", "properties": properties, "required": ["type", "id", "attributes"]}


SESSION = _schema("User", "token", "refresh_token", expires_at={"type": "string"})
ASKED = _schema("PasswordReset", token={"type": "string"}, email={"type": "string"})
ASKED["properties"]["key"] = ID
ASKED["properties"]["attributes"]["properties"]["key"] = ID


class UserViews(ResourceViews):
    queryset = User.objects.all()
    serializer_class = UserSerializer
    filterset_class = UserFilters
    sortable = {"created_at": "created_at", "email": "email", "last_name": "last_name"}
    ordering = ("created_at",)

    def me(self, request):
        return self.answer_one(request.user)

    def change(self, user, values):
        user.change(self.request.user.recruiter, **values)


class SessionView(Wire):
    """Flat bodies, as documented; no Idempotency-Key, for secrets are not kept."""

    parser_classes = [DocumentedParser]
    idempotent = False
    flat = True

    def signed_in(self, user: User, since: int | None = None) -> Response:
        expires = datetime.now(UTC) + LIFE[ACCESS]
        attributes = {
            "token": issue(user, ACCESS, since),
            "refresh_token": issue(user, REFRESH, since),
            "expires_at": expires.replace(microsecond=0),
        }
        return self.resource("User", user.pk, attributes)

    @staticmethod
    def resource(kind: str, key, attributes: dict, shape: Shape | None = None) -> Response:
        document = Document(data={"type": kind, "id": str(key), "attributes": attributes})
        document.shapes = {kind: shape} if shape else {}
        response = Response(document)
        response["Cache-Control"] = "no-store"
        return response


class Open(SessionView):
    """Before anybody is signed in."""

    authentication_classes = []
    permission_classes = []

    def get_authenticate_header(self, request):
        return "Bearer"


class LoginView(Open):
    serializer_class = LoginSerializer
    described = {"post": {"request": LoginSerializer, "answer": SESSION}}

    def post(self, request):
        given = self.read_flat()
        return self.signed_in(sessions.log_in(**given, address=counted_address(request) or ""))


class RefreshView(Open):
    serializer_class = RefreshSerializer
    described = {"post": {"request": RefreshSerializer, "answer": SESSION}}

    def post(self, request):
        return self.signed_in(*sessions.refreshed(self.read_flat()["refresh_token"]))


class LogoutView(SessionView):
    """Signs out everywhere: every token issued so far ends."""

    permission_classes = [RecruiterOnly]

    def post(self, request):
        request.user.end_sessions()
        return self.said(_("Signed out everywhere."))


class ResetView(Open):
    """The answers are alike for known and unknown addresses; the secret goes only by email."""

    serializer_class = ResetSerializer
    parameters = ("email",)
    described = {
        "get": {
            "parameters": {"email": {"type": "string", "minLength": 1}},
            "required": ["email"],
            "answer": ASKED,
        },
        "post": {"request": ResetSerializer, "answer": ASKED},
        "patch": {"request": NewPasswordSerializer, "answer": _schema("User", "email")},
    }

    def get(self, request):
        email = request.query_params.get("email", "")
        if not email:
            raise Problem(400, "bad_parameter", _("Give an email."), parameter="email")
        return self.asked(email, lambda key: {"token": key})

    def head(self, request):
        """Sends nothing."""
        return self.resource("PasswordReset", uuid7(), {"token": ""})

    def post(self, request):
        email = self.read_flat()["email"]
        shape = Shape(beside=("key",))
        return self.asked(email, lambda key: {"email": email, "key": key}, shape)

    def patch(self, request):
        given = self.read_flat(NewPasswordSerializer)
        user = sessions.reset_password(**given, address=counted_address(request) or "")
        return self.resource("User", user.pk, {"email": user.email})

    def asked(self, email: str, attributes, shape: Shape | None = None) -> Response:
        reset = sessions.ask_for_reset(email, counted_address(self.request) or "")
        key = str(reset.pk if reset else uuid7())
        return self.resource("PasswordReset", key, attributes(key), shape)
