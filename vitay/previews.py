"""What others see, shown to staff: a respondent's page, read-only, and a report."""

from copy import copy

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.billing.models import Invoice
from apps.candidates.models import Candidate
from apps.documents.access import everything
from apps.documents.issue import issue, sheet
from apps.documents.models import Document
from apps.documents.renderer import Busy, RenderError
from apps.links.tokens import Purpose, sign
from apps.references.models import Reference
from apps.staff import masking
from apps.staff.columns import page_of, type_in_words
from apps.staff.framed import framed
from apps.staff.roles import may_read_answers

KINDS = {
    "request": ("references.ReferenceRequest", Purpose.REQUEST),
    "reference": ("references.Reference", Purpose.REFERENCE),
    "verification": ("verifications.Verification", Purpose.VERIFICATION),
}

# Whoever opens a report or a profile reads answers: those of references, or of verifiers.
DOCUMENTS = {
    "candidates": (Candidate, "answers.view_answer"),
    "references": (Reference, "answers.view_answer"),
    "resumes": (Candidate, "answers.view_answer"),
    "invoices": (Invoice, "billing.view_invoice"),
}


def as_respondent(request, site, kind, pk):
    """The first page that this person's link opens, in a frame that can do nothing."""
    target, _purpose = _target(request, kind, pk)
    masking.show(request.user, target)  # whom they named, how to reach them: it is all there
    context = site.each_context(request) | {
        "title": _("As this respondent sees it"),
        "target": page_of(target),
        "opts": target._meta,
        "frame": reverse("admin:as_page", args=[kind, pk]),
    }
    return TemplateResponse(request, "admin/framed.html", context)


def respondents_page(request, site, kind, pk):
    target, purpose = _target(request, kind, pk)
    masking.show_once(request.user, target)
    path = f"/r/{sign(purpose, target)}"
    match = resolve(path)
    inner = copy(request)
    inner.method, inner.path, inner.path_info = "GET", path, path
    inner.GET, inner.resolver_match = QueryDict(), match
    # A page notes that it was opened, and chooses its reader's language: neither for us.
    with transaction.atomic(), translation.override(get_language()):
        response = match.func(inner, *match.args, **match.kwargs)
        if hasattr(response, "render"):
            response.render()
        transaction.set_rollback(True)
    return framed(response.content.decode())


def _target(request, kind, pk):
    if kind not in KINDS:
        raise Http404
    label, purpose = KINDS[kind]
    model = apps.get_model(label)
    if not request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
        raise PermissionDenied
    target = get_object_or_404(model, pk=pk)
    # A page shows drafts and the receipt what was sent: both are answers.
    shows_answers = hasattr(target, "answer_set") or getattr(target, "findings", None)
    if shows_answers and not may_read_answers(request.user):
        raise PermissionDenied
    return target, purpose


def report(request, site, kind, pk):
    row = _subject(request, kind, pk)
    context = site.each_context(request) | {
        "title": _("Document"),
        "target": page_of(row),
        "opts": row._meta,
        "frame": reverse("admin:report_pdf", args=[kind, pk]),
        "is_pdf": True,
    }
    return TemplateResponse(request, "admin/framed.html", context)


def report_pdf(request, site, kind, pk):
    """The document as the firm gets it, made when the stored one is out of date."""
    row = _subject(request, kind, pk)
    found = sheet(kind, row, audience=Document.Audience.RECRUITER, language=get_language())
    try:
        document = issue(found)
    except (Busy, RenderError) as error:
        words = _("The document can't be made right now: %(why)s") % {"why": error}
        return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
    Activity.record(request.user, "document.download", row, kind=kind)
    response = FileResponse(
        document.file.open(),
        content_type="application/pdf",
        filename=document.file_name,
        as_attachment="download" in request.GET,
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = "frame-ancestors 'self'"
    response["Cache-Control"] = "no-store"
    return response


def _subject(request, kind, pk):
    if kind not in DOCUMENTS:
        raise Http404
    model, permission = DOCUMENTS[kind]
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return get_object_or_404(model, pk=pk)


def kept(request, site, pk):
    """Everything that is kept about one person: to read, and as JSON to hand over."""
    if not may_read_answers(request.user):
        raise PermissionDenied
    candidate = get_object_or_404(Candidate, pk=pk)
    rows = everything(candidate)
    Activity.record(request.user, "candidate.access", candidate, candidate=candidate)
    if "json" in request.GET:
        response = JsonResponse(rows, json_dumps_params={"indent": 2, "ensure_ascii": False})
        response["Content-Disposition"] = f'attachment; filename="{candidate.pk}.json"'
        return response
    context = site.each_context(request) | {
        "title": _("All that is kept"),
        "target": page_of(candidate),
        "kept": [_named(kind, lines) for kind, lines in rows.items() if lines],
    }
    return TemplateResponse(request, "admin/kept.html", context)


def _named(kind: str, rows: list[dict]) -> dict:
    """The rows of a kind, by the names that people know."""
    model = next(model for model in apps.get_models() if model.__name__ == kind)
    names = {field.attname: capfirst(field.verbose_name) for field in model._meta.concrete_fields}
    return {
        "name": type_in_words(kind),
        "rows": [[(names[name], value) for name, value in row.items()] for row in rows],
    }
