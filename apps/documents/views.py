"""`GET /documents`: the PDF, or an error document; `Accept` chooses nothing here."""

from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, NotAcceptable

from apps.activities.models import Activity
from apps.billing.models import Invoice
from apps.candidates.models import Candidate
from apps.documents.issue import issue, sheet
from apps.documents.models import Document
from apps.documents.renderer import Busy, RenderError
from apps.jsonapi import ids
from apps.jsonapi.errors import Problem
from apps.jsonapi.query import bad
from apps.jsonapi.views import Wire
from apps.references.models import Reference, ReferenceRequest

MODELS = {
    Document.Kind.CANDIDATES: Candidate,
    Document.Kind.REFERENCES: Reference,
    Document.Kind.RESUMES: Candidate,  # under the same id as its profile
    Document.Kind.INVOICES: Invoice,
}
# A profile and an invoice have nothing that a reference could allow or refuse.
AUDIENCES = dict.fromkeys(MODELS, [Document.Audience.RECRUITER]) | dict.fromkeys(
    (Document.Kind.CANDIDATES, Document.Kind.REFERENCES), Document.Audience.values
)
LANGUAGES = ("en", "fr")


class NotNow(APIException):
    status_code = 503
    default_code = "documents_unavailable"

    def __init__(self, detail: str, wait: int):
        super().__init__(detail)
        self.wait = wait


class DocumentView(Wire):
    parameters = ("type", "id", "reference_request", "audience", "lang")
    may_miss = True
    described = {
        "get": {
            "pdf": True,
            "parameters": {
                "type": {"type": "string", "enum": list(MODELS)},
                "id": {"type": "string"},
                "reference_request": {"type": "string"},
                "audience": {"type": "string", "enum": Document.Audience.values},
                "lang": {"type": "string", "enum": list(LANGUAGES)},
            },
            "required": ["type", "id"],
        }
    }

    def perform_content_negotiation(self, request, force=False):
        try:
            return super().perform_content_negotiation(request, force)
        except NotAcceptable:  # a viewer asks for application/pdf, and shall have it
            renderer = self.get_renderers()[0]
            return renderer, renderer.media_type

    def get(self, request):
        kind = self.chosen("type", MODELS)
        audience = self.chosen(
            "audience", AUDIENCES[kind], Document.Audience.RECRUITER, code="bad_audience"
        )
        row, asked = self.seen(MODELS[kind], "id"), None
        if kind == Document.Kind.CANDIDATES and "reference_request" in request.GET:
            asked = self.seen(
                ReferenceRequest, "reference_request", {"candidate": row}
            )  # another candidate's is as missing as one that never was
        found = sheet(kind, row, audience=audience, language=self.language(), request=asked)
        return self.served(found, row)

    def served(self, found, row) -> HttpResponse:
        try:
            document = issue(found)
        except Busy as busy:
            raise NotNow(_("Many documents are being made. Try again."), busy.retry_after) from busy
        except RenderError as error:
            raise NotNow(_("This document can't be made for now."), 60) from error
        response = HttpResponse(
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="{document.file_name}"',
                "Content-Language": document.language,
                "ETag": document.etag,
                "X-Content-Type-Options": "nosniff",
            },
        )
        unchanged = get_conditional_response(self.request, document.etag, response=response)
        if unchanged is not response:
            return unchanged
        try:
            with document.file.open() as file:
                response.content = file.read()
        except FileNotFoundError as error:  # replaced or erased at this moment
            raise NotNow(_("This document can't be made for now."), 1) from error
        if self.request.method == "HEAD":
            return response
        Activity.record(
            self.request.user.recruiter,
            "document.download",
            row,
            candidate=found.candidate,
            kind=found.kind,
            audience=found.audience,
            language=found.language,
            number=document.printed_number,
        )
        return response

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    def chosen(self, name: str, choices, default: str | None = None, **code) -> str:
        value = self.request.GET.get(name, default)
        if value not in choices:
            words = _("Choose one of: %(names)s.") % {"names": ", ".join(choices)}
            raise bad(name, words, **code)
        return value

    def seen(self, model, name: str, within: dict | None = None):
        """The row that the user may see; anything else is missing."""
        text = self.request.GET.get(name)
        if text is None:
            raise bad(name, _("Say which one."))
        key = ids.parse(text)
        rows = model.objects.visible_to(self.request.user).filter(**within or {})
        row = rows.filter(pk=key).first() if key else None
        if row is None:
            raise Problem(404, "not_found", _("Not found."))
        mine = self.request.user.recruiter.hiring_firm  # read already
        if row.hiring_firm_id == mine.pk:
            row.hiring_firm = mine
        return row

    def language(self) -> str:
        """`lang=`, else what the reader's program asks for, else the reader's own."""
        if "lang" in self.request.GET:
            return self.chosen("lang", LANGUAGES)
        if self.request.headers.get("Accept-Language"):
            return translation.get_language()[:2]
        return self.request.user.language
