"""Rendered ahead, once; renewed by any change; what stands for nothing is forgotten."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.activities.models import Activity
from apps.answers.models import Answer
from apps.billing.models import Invoice, InvoiceLine
from apps.candidates.models import Candidate, Experience
from apps.documents import sweep
from apps.documents.issue import issue, sheet
from apps.documents.models import Document, FailedRender
from apps.documents.renderer import RenderError
from apps.documents.sweep import stale, unseen
from apps.documents.tasks import render_stale
from apps.firms.models import HiringFirm
from apps.references.models import Reference, ReferenceRequest
from apps.verifications.models import Verification
from tests.conftest import fill, make_candidate, make_reference
from tests.documents.samples import make_check

pytestmark = pytest.mark.pdf


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def check(bob):
    return make_check(bob, 1)


def test_a_filled_reference_is_ready_before_anyone_asks(check, as_bob, bob, monkeypatch):
    render_stale()
    assert Document.objects.current().filter(kind="candidates", language="en").count() == 1
    assert Document.objects.current().filter(kind="references", language="en").count() == 1

    def refuse(*args, **kwargs):
        raise AssertionError("rendered while somebody waited")

    monkeypatch.setattr("apps.documents.issue.renderer.render", refuse)
    answer = as_bob.get("/api/documents", {"type": "candidates", "id": check.candidate_id})
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    render_stale()  # and nothing to do


@pytest.mark.parametrize(
    "change",
    [
        lambda check, by: check.candidate.change(by, first_name="Dominique"),
        lambda check, by: check.change(by, notes="x") or check.conclude(by),
        lambda check, by: fill(
            make_reference(check, email="b@b.example", phone="5145550166"), scale=2
        ),
        lambda check, by: check.references.get().reopen(by) or fill(check.references.get()),
    ],
)
def test_any_change_renews_it(check, bob, change, django_capture_on_commit_callbacks):
    render_stale()
    old = Document.objects.current().get(kind="candidates")
    change(check, bob)
    with django_capture_on_commit_callbacks(execute=True):
        render_stale()
    new = Document.objects.current().get(kind="candidates")
    old.refresh_from_db()
    assert new.pk != old.pk and new.content_key != old.content_key
    assert old.superseded_at and not old.file  # the bytes are gone, the hash can be checked
    assert default_storage.exists(new.file.name)
    folder = f"documents/{timezone.now():%Y/%m}"
    assert len(default_storage.listdir(folder)[1]) == Document.objects.current().count()


def test_a_removed_reference_leaves_every_report(check, bob, django_capture_on_commit_callbacks):
    second = make_reference(check, first_name="Gone", email="g@b.example", phone="5145550166")
    fill(second)
    render_stale()
    with django_capture_on_commit_callbacks(execute=True):
        second.remove(bob)
        assert [each.pk for each in stale()] == [check.pk]
        render_stale()
    assert not Document.objects.filter(subject_id=second.pk).exists()
    report = Document.objects.current().get(kind="candidates")
    assert "Gone" not in report.file.read().decode("latin-1")
    Document.objects.update(checked_at=timezone.now())
    assert not stale()


def test_what_was_committed_after_a_look_is_seen_by_the_next(check):
    """It was dated before: a transaction dates its rows when it writes them."""
    render_stale()
    written = timezone.now() - timedelta(seconds=40)
    ReferenceRequest.objects.update(updated_at=written)
    Candidate.objects.update(updated_at=written, first_name="Dominique")
    Reference.objects.update(updated_at=written)
    Answer.objects.update(updated_at=written)
    render_stale()
    assert Document.objects.filter(kind="candidates").count() == 2


def test_a_report_asked_for_is_kept_ready_before_anyone_answers(bob, as_bob):
    check = make_check(bob, 0)
    as_bob.get("/api/documents", {"type": "candidates", "id": check.candidate_id})
    make_reference(check, first_name="Waited", email="b@b.example", phone="5145550166")
    Document.objects.update(checked_at=timezone.now() - timedelta(minutes=5))
    render_stale()
    assert Document.objects.filter(kind="candidates").count() == 2


def age(check, days: int):
    """Nothing has happened for so long."""
    then = timezone.now() - timedelta(days=days)
    for rows in (Candidate, ReferenceRequest, Reference, Answer, HiringFirm, Activity):
        rows.objects.update(created_at=then, updated_at=then)
    Document.objects.update(checked_at=then + timedelta(hours=1))


@pytest.mark.parametrize("days, renewed", [(10, True), (40, False)])
@pytest.mark.parametrize("why", ["firm", "look"])
def test_a_new_colour_or_look_reaches_what_is_live(check, bob, monkeypatch, days, renewed, why):
    made = {each.pk for each in issue_all(check)}
    age(check, days)
    render_stale()
    assert set(Document.objects.current().values_list("pk", flat=True)) == made
    if why == "firm":
        check.hiring_firm.colour = "#123456"
        check.hiring_firm.save()
    else:
        monkeypatch.setattr("apps.documents.issue.look", lambda: "f" * 16)
        monkeypatch.setattr("apps.documents.sweep.look", lambda: "f" * 16)
    render_stale()
    now = Document.objects.current()
    assert {(each.kind, each.language) for each in now} == {
        ("candidates", "en"),
        ("references", "en"),
        ("resumes", "en"),
    }
    assert now.exclude(pk__in=made).count() == (3 if renewed else 0)


def issue_all(check):
    render_stale()
    issue(sheet("resumes", check.candidate, audience="recruiter", language="en"))
    return Document.objects.current()


def test_the_freshest_goes_first(check, bob, monkeypatch):
    """Hundreds that the firm's new colour made stale keep no answer of today waiting."""
    render_stale()
    age(check, 10)
    check.hiring_firm.save()
    other = make_check(bob, 1, first_name="Dominique")
    assert [each.pk for each in stale()] == [other.pk, check.pk]


def test_a_profile_is_ready_once_something_is_verified(bob, as_bob, monkeypatch):
    candidate = make_candidate(bob)
    render_stale()
    assert not Document.objects.exists()
    line = Experience(profile=candidate.profile).write(bob, company_name="Nord", job_title="VP")
    found = Verification(first_name="Rita", last_name="Roy", email="r@n.example").create(bob, line)
    render_stale()
    assert not Document.objects.exists()
    found.conclude(found, findings={"company_name": "confirmed", "job_title": "confirmed"})
    render_stale()
    old = Document.objects.get(kind="resumes", language="en")
    Document.objects.update(checked_at=timezone.now())
    assert unseen() == []
    line.write(bob, job_title="President")
    render_stale()
    assert Document.objects.current().get(kind="resumes").pk != old.pk


def test_nothing_filled_is_nothing_to_render(bob):
    make_check(bob, 0)
    assert stale() == []


@pytest.fixture
def broken(monkeypatch):
    """The renderer gives up; each try is counted."""
    tried = []

    def give_up(html, files, **options):
        tried.append(html)
        raise RenderError("More than 400 pages.")

    monkeypatch.setattr("apps.documents.issue.renderer.render", give_up)
    return tried


def test_what_cannot_be_made_is_tried_ever_later_then_left_to_staff(check, broken):
    render_stale()
    first = len(broken)
    failure = FailedRender.objects.get()
    assert (failure.subject_id, failure.tries) == (check.pk, 1)
    assert failure.error == "More than 400 pages."
    render_stale()
    assert len(broken) == first  # not again in the next minute
    waits = []
    while failure.next_try_at:
        waits.append(failure.next_try_at - failure.updated_at)
        FailedRender.objects.update(next_try_at=timezone.now())
        render_stale()
        failure.refresh_from_db()
    assert failure.tries == len(waits) + 1 == 5 and waits == sorted(waits)
    tries = len(broken)
    render_stale()
    assert len(broken) == tries and stale() == []


def test_a_change_or_staff_tries_again(check, bob, broken, monkeypatch):
    render_stale()
    FailedRender.objects.update(next_try_at=None)
    tries = len(broken)
    check.candidate.change(bob, first_name="Dominique")
    render_stale()
    assert len(broken) > tries
    FailedRender.objects.get().try_again()
    monkeypatch.undo()
    render_stale()
    assert not FailedRender.objects.exists()
    assert Document.objects.current().filter(kind="candidates").exists()


def test_one_that_breaks_keeps_no_other(check, bob, monkeypatch):
    """Not even by an error that nobody foresaw."""
    other = make_check(bob, 1, first_name="Dominique")
    made = sweep.sheet

    def sheet(kind, row, **options):
        if row == check.candidate:
            raise ZeroDivisionError("Camille")
        return made(kind, row, **options)

    monkeypatch.setattr(sweep, "sheet", sheet)
    render_stale()
    assert Document.objects.filter(kind="candidates").get().candidate == other.candidate
    assert FailedRender.objects.get().error == "ZeroDivisionError"  # and nobody's words


def test_the_languages_asked_for_are_kept_ready(check, as_bob, bob):
    query = {"type": "candidates", "id": check.candidate_id, "audience": "clients", "lang": "fr"}
    as_bob.get("/api/documents", query)
    fill(make_reference(check, email="b@b.example", phone="5145550166"))
    render_stale()
    current = Document.objects.current().filter(kind="candidates")
    assert {(each.audience, each.language) for each in current} == {
        ("recruiter", "en"),
        ("clients", "fr"),
    }


def test_an_invoice_that_cannot_be_made_rests_too(firm, broken):
    invoice = Invoice.objects.create(
        hiring_firm=firm, period_start="2026-10-01", period_end="2026-10-31"
    )
    InvoiceLine(
        invoice=invoice, description="Things", description_fr="Choses", quantity=1, unit_price=900
    ).save()
    invoice.open()
    render_stale()
    render_stale()
    assert len(broken) == 2  # in each language, once
    assert FailedRender.objects.get().subject_id == invoice.pk


def test_an_open_invoice_is_ready_in_both_languages(firm):
    invoice = Invoice.objects.create(
        hiring_firm=firm, period_start="2026-10-01", period_end="2026-10-31"
    )
    InvoiceLine(
        invoice=invoice, description="Things", description_fr="Choses", quantity=1, unit_price=900
    ).save()
    render_stale()
    assert Document.objects.count() == 0
    invoice.open()
    render_stale()
    render_stale()
    assert Document.objects.filter(kind="invoices").count() == 2
