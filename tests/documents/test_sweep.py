"""Rendered ahead, once; renewed by any change; what stands for nothing is forgotten."""

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.billing.models import Invoice, InvoiceLine
from apps.documents import sweep
from apps.documents.models import Document, FailedRender
from apps.documents.renderer import RenderError
from apps.documents.sweep import stale
from apps.documents.tasks import render_stale
from tests.conftest import fill, make_reference
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
    assert not stale()


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
