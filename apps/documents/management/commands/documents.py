"""`manage.py documents --out folder`: every document of a firm, in both languages, to look at."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.billing.models import Invoice
from apps.candidates.models import Candidate
from apps.documents.issue import compose, sheet
from apps.documents.models import Document
from apps.documents.renderer import renderer
from apps.firms.models import HiringFirm
from apps.references.models import Reference

KINDS = Document.Kind


class Command(BaseCommand):
    help = "Render the documents of the oldest firm, or of --firm, into a folder."

    def add_arguments(self, parser):
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--firm", help="Part of a firm's name.")
        parser.add_argument("--limit", type=int, default=5, help="Rows of each kind.")

    def handle(self, *args, out: Path, firm, limit: int, **options):
        firms = HiringFirm.objects.filter(name__icontains=firm or "").order_by("created_at")
        chosen = firms.first()
        if chosen is None:
            raise CommandError("There is no such firm. `manage.py demo` makes two.")
        out.mkdir(parents=True, exist_ok=True)
        for kind, row, audience in self.wanted(chosen, limit):
            for language, _name in settings.LANGUAGES:
                start = time.perf_counter()
                found = sheet(kind, row, audience=audience, language=language)
                # Nothing is issued by looking: this number is of no row.
                html, files = compose(found, Document(kind=kind, language=language))
                pdf = renderer.render(html, files, patient=True)
                path = out / f"{kind}-{audience}-{str(row.pk)[-6:]}-{language}.pdf"
                path.write_bytes(pdf)
                spent = 1000 * (time.perf_counter() - start)
                self.stdout.write(f"{path}  {len(pdf) // 1024} kB  {spent:.0f} ms")

    def wanted(self, firm, limit: int):
        candidates = Candidate.objects.filter(hiring_firm=firm).order_by("-score", "created_at")
        for candidate in candidates[:limit]:
            for audience in Document.Audience.values:
                yield KINDS.CANDIDATES, candidate, audience
            yield KINDS.RESUMES, candidate, "recruiter"
        filled = Reference.objects.filter(hiring_firm=firm, filled_at__isnull=False)
        for reference in filled.order_by("filled_at")[:limit]:
            yield KINDS.REFERENCES, reference, "recruiter"
        for invoice in Invoice.objects.filter(hiring_firm=firm)[:limit]:
            yield KINDS.INVOICES, invoice, "recruiter"
