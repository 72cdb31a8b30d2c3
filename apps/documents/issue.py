"""Issue a document: the stored file where what it shows is unchanged, else a new one."""

import hashlib
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import NamedTuple

import orjson
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import default_storage
from django.db import IntegrityError, models
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation

from apps.documents.contents import bill, report, resume, scores
from apps.documents.contents.people import RECRUITER
from apps.documents.models import Document, seen_until
from apps.documents.renderer import PRESS, RenderError, renderer
from apps.jsonapi.resources import type_name

Kind = Document.Kind


class Gone(RenderError):
    """What it was to show is not there any more."""


class Sheet(NamedTuple):
    """What one document is about, and what it shows of it."""

    kind: str
    subject: models.Model  # the row that it is filed under
    firm: models.Model
    candidate: models.Model | None
    audience: str
    language: str
    shown: dict

    @property
    def key(self) -> str:
        """The same for the same content: what is shown, by which templates, in which language.
        It begins with the look, by which the sweep finds what another one made."""
        parts = [settings.PUBLIC_URL, self.kind, self.audience, self.language]
        parts += [self.firm.time_zone, self.shown]
        body = orjson.dumps(parts, default=str, option=orjson.OPT_SORT_KEYS)
        return look() + hashlib.sha256(body).hexdigest()[16:]

    def current(self) -> Document | None:
        """The file that stands for it until now."""
        return Document.objects.of(type_name(self.subject), self.subject.pk).current().filter(
            kind=self.kind, audience=self.audience, language=self.language
        ).first()  # fmt: skip


def sheet(kind: str, row, *, audience: str, language: str, request=None) -> Sheet:
    """Gather what the document shows, in its language and in the firm's time."""
    firm = row.hiring_firm
    with translation.override(language), timezone.override(firm.time_zone):
        match kind:
            case Kind.CANDIDATES:
                asked = row.reference_requests.select_related("question_set", "requested_by__user")
                newest = asked.only(*report.OF_REQUEST).order_by("-created_at", "-id")
                request = request or newest.first()
                if request is not None:
                    request.hiring_firm = firm
                shown = report.report(row, request, audience, language)
                return Sheet(kind, request or row, firm, row, audience, language, shown)
            case Kind.REFERENCES:
                shown = report.sheet(row, audience, language)
                return Sheet(kind, row, firm, row.candidate, audience, language, shown)
            case Kind.RESUMES:
                shown = resume.resume(row, language)
                return Sheet(kind, row, firm, row, RECRUITER, language, shown)
            case Kind.INVOICES:
                shown = bill.bill(row, language)
                return Sheet(kind, row, firm, None, RECRUITER, language, shown)
    raise ValueError(kind)


def issue(found: Sheet, *, patient: bool = False) -> Document:
    """The document as it is now; rendered only when nothing stored shows the same."""
    key, current = found.key, found.current()
    if current is not None and current.content_key == key and current.is_there:
        return current.still_good() if patient else current  # only the sweep asks when
    document = Document(
        kind=found.kind,
        audience=found.audience,
        language=found.language,
        subject_type=type_name(found.subject),
        subject_id=found.subject.pk,
        hiring_firm=found.firm,
        candidate=found.candidate,
        content_key=key,
        checked_at=seen_until(),
    )
    html, files = compose(found, document)
    pdf = renderer.render(html, files, patient=patient)
    try:
        return document.keep(pdf)
    except IntegrityError:
        # Somebody issued the same at the same moment; theirs stands.
        document.file.storage.delete(document.file.name)
        return found.current() or document
    except ObjectDoesNotExist as error:
        document.file.storage.delete(document.file.name)
        raise Gone("Whom it is about was erased meanwhile.") from error


def compose(found: Sheet, document: Document) -> tuple[str, dict[str, bytes]]:
    """The HTML of one document, and the files that it shows."""
    files, firm = {}, dict(found.shown["firm"])
    if firm["logo"] and default_storage.exists(firm["logo"]):
        with default_storage.open(firm["logo"]) as logo:
            files["logo"] = logo.read()
        firm["logo_file"] = "logo"
    now = timezone.now()
    with translation.override(found.language), timezone.override(found.firm.time_zone):
        context = (
            found.shown
            | scores.figures(found.shown, found.language)
            | {
                "firm": firm,
                "language": found.language,
                "issue": {
                    "at": timezone.localtime(now),
                    "at_utc": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "zone": found.firm.time_zone.rpartition("/")[2].replace("_", " "),
                    "number": document.printed_number,
                    "address": document.address,
                    "short_address": document.address.partition("://")[2],
                },
            }
        )
        return render_to_string(f"documents/{found.kind}.html", context), files


@cache
def look() -> str:
    """Changes with the templates, the style and our code, so that a new look, and another way to
    work out a figure, reach every document."""
    here = Path(__file__).parent
    paths = [*Path(get_template("documents/base.html").origin.name).parent.glob("*.html")]
    paths += [PRESS / "print.css", *PRESS.glob("*.py"), *here.glob("contents/*.py")]
    paths += [*here.glob("templatetags/*.py"), *here.glob("locale/*/LC_MESSAGES/django.mo")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()[:16]
