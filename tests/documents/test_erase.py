"""After an erasure nothing names the person, anywhere; the figures stay as they were."""

import json
import subprocess
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.answers.actions import change_answer
from apps.answers.models import Answer
from apps.candidates.models import Candidate, Education, Experience
from apps.documents import actions
from apps.documents.actions import erase
from apps.documents.issue import issue, sheet
from apps.documents.models import Document
from apps.documents.renderer import RenderError
from apps.documents.tasks import erase_expired
from apps.firms.models import HiringFirm
from apps.jsonapi.models import IdempotentResponse
from apps.messaging import mailbox
from apps.messaging.models import Message
from apps.metadata.models import Metadatum
from apps.references.models import Reference
from apps.verifications.models import Verification
from tests.conftest import make_candidate, make_reference, make_request
from tests.documents.samples import make_check

NAMES = ["Zébulon", "Quintarelli", "zebulon@quintarelli.example", "5145550177", "Gwendoline",
         "Featherstonehaugh", "gwen@feather.example", "5145550178", "zircon-tapir", "Ottoline",
         "ottoline@school.example"]  # fmt: skip


@pytest.fixture
def somebody(as_alice, bob, settings, tmp_path, django_capture_on_commit_callbacks):
    """A person who left a trace wherever one can be left."""
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    settings.MEDIA_ROOT = tmp_path / "media"
    with django_capture_on_commit_callbacks(execute=True):
        request = make_check(bob, 1, first_name="Zébulon", last_name="Quintarelli",
                             email="zebulon@quintarelli.example", phone="5145550177",
                             notes="zircon-tapir", internal_id="zircon-tapir")  # fmt: skip
        candidate = request.candidate
        profile = candidate.profile
        profile.bio = "Zébulon Quintarelli likes the zircon-tapir."
        profile.save()
        line = Experience.objects.create(
            profile=profile, company_name="Quintarelli inc.", job_title="Boss"
        )
        Education.objects.create(profile=profile, school_name="zircon-tapir", degree="BSc")
        reference = make_reference(
            request, first_name="Gwendoline", last_name="Featherstonehaugh",
            email="gwen@feather.example", phone="5145550178",
        )  # fmt: skip
        verification = Verification(
            first_name="Ottoline", last_name="Person", email="ottoline@school.example"
        ).create(bob, line)
        verification.document.save("Quintarelli.pdf", ContentFile(b"Quintarelli"))
        answer = request.references.get(status="filled").answer_set.answers.get(position=8)
        type(answer.answer_set).objects.update(typed_by=bob)
        answer.answer_set.refresh_from_db()
        change_answer(answer, bob, value="The zircon-tapir is Zébulon Quintarelli's.")
        for each in (candidate, reference):
            Metadatum.objects.create(
                identifiable_type="Candidate", identifiable_id=each.pk, source="page",
                ip_address="203.0.113.9", user_agent="Quintarelli/1.0", candidate=candidate,
                hiring_firm=candidate.hiring_firm,
            )  # fmt: skip
        LogEntry.objects.create(
            user=bob.user, content_type=ContentType.objects.get_for_model(Candidate),
            object_id=str(candidate.pk), object_repr=str(candidate), action_flag=CHANGE,
        )  # fmt: skip
        as_alice.patch(
            f"/api/v3/candidates/{candidate.pk}",
            {"data": {"type": "Candidate", "attributes": {"notes": "zircon-tapir again"}}},
            headers={"Idempotency-Key": "one"},
        )
        as_alice.get("/api/documents", {"type": "candidates", "id": candidate.pk})
        as_alice.get("/api/documents", {"type": "resumes", "id": candidate.pk})
        mailbox.keep("email", "zebulon@quintarelli.example", "Hello Zébulon", subject="About you")
        mailbox.keep("sms", "+15145550178", "About Zébulon Quintarelli")
        mailbox.keep("email", "someone@else.example", "Nobody in particular")
    return candidate


def everything_stored():
    """Every value of every table, and every file, as text."""
    for model in apps.get_models():
        for row in model._default_manager.all():
            for field in row._meta.concrete_fields:
                value = getattr(row, field.attname)
                yield f"{model.__name__}.{field.name}", json.dumps(value, default=str)
                yield f"{model.__name__}.{field.name}", str(value)
    for folder in (settings.MAILBOX_DIR, settings.MEDIA_ROOT):
        for path in folder.rglob("*"):
            if path.is_file():
                yield str(path), str(path)
                data = path.read_bytes()
                if data.startswith(b"%PDF"):
                    text = subprocess.run(["pdftotext", path, "-"], capture_output=True).stdout
                    data += text
                yield str(path), data.decode("utf-8", "replace")


def found(*names) -> list:
    return [
        (where, name)
        for where, text in everything_stored()
        for name in names
        if name in text or name.lower() in text.lower()
    ]


@pytest.mark.pdf
def test_nothing_names_them_afterwards(
    somebody, as_alice, as_bob, caplog, django_capture_on_commit_callbacks
):
    assert {name for _where, name in found(*NAMES)} == set(NAMES)
    assert Document.objects.count() == 2
    scores = list(Reference.objects.values_list("score", "status", "filled_at"))
    score = Candidate.objects.get().score
    counts = as_alice.get(f"/api/v1/hiring_firms/{somebody.hiring_firm_id}/analytics").json()
    sent = Message.objects.count()

    refused = as_bob.post(f"/api/v1/candidates/{somebody.pk}/erase")
    assert refused.status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_alice.post(
            f"/api/v1/candidates/{somebody.pk}/erase", headers={"Idempotency-Key": "two"}
        )
    assert answer.status_code == 200, answer.content

    assert found(*NAMES) == []
    assert not any(name in caplog.text for name in NAMES)
    assert Document.objects.count() == 0
    assert IdempotentResponse.objects.get(key="one").is_forgotten
    assert len(mailbox.kept()) == 1
    assert Candidate.objects.get().score == score
    assert Candidate.objects.get().erased_at is not None
    kept = list(Reference.objects.values_list("score", "status", "filled_at"))
    assert [row for row in kept if row[1] == "filled"] == [r for r in scores if r[1] == "filled"]
    after = as_alice.get(f"/api/v1/hiring_firms/{somebody.hiring_firm_id}/analytics").json()
    assert after == counts
    assert Message.objects.count() >= sent
    assert not Message.objects.waiting().filter(candidate=somebody).exists()


@pytest.mark.parametrize("end", [erase, lambda candidate: candidate.remove(None)])
def test_what_was_being_made_of_them_is_not_kept(somebody, settings, tmp_path, monkeypatch, end):
    settings.MEDIA_ROOT = tmp_path
    found = sheet("candidates", somebody, audience="clients", language="fr")

    def render(html, files, **options):
        end(Candidate.objects.get())
        return b"%PDF of Zebulon"

    monkeypatch.setattr("apps.documents.issue.renderer.render", render)
    with pytest.raises(RenderError):
        issue(found)
    assert not Document.objects.filter(language="fr").exists()
    assert b"%PDF of Zebulon" not in [
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    ]


def test_an_erased_person_is_not_asked_about_again(bob, question_set):
    request = make_check(bob, 1, email="zebulon@quintarelli.example")
    candidate, reference = request.candidate, request.references.get()
    actions.erase(candidate, bob)
    job = Experience(profile=candidate.profile, company_name="A", job_title="B")
    for row in (candidate, reference, request):
        row.refresh_from_db()
    for verb in (
        lambda: candidate.change(bob, first_name="Back", email="back@candidate.example"),
        lambda: candidate.profile.change(bob, title="Back"),
        lambda: job.write(bob),
        lambda: make_request(candidate, question_set),
        lambda: Reference(
            candidate=candidate, first_name="A", last_name="B", email="a@reference.example"
        ).create(bob),
        lambda: reference.change(bob, first_name="Back"),
        lambda: reference.reopen(bob),
        lambda: request.change(bob, notes="Back"),
        lambda: request.extend(bob),
        lambda: request.reopen(bob),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            verb()
        assert getattr(refused.value, "code", None) == "erased", refused.value


def test_charlie_can_erase_nobody(somebody, as_charlie):
    assert as_charlie.post(f"/api/v1/candidates/{somebody.pk}/erase").status_code == 404
    assert as_charlie.get(f"/api/v1/candidates/{somebody.pk}/access").status_code == 404


def test_links_die_with_the_names(somebody, django_capture_on_commit_callbacks):
    reference = somebody.references.get(status="sent")
    version = reference.link_version
    actions.erase(somebody)
    reference.refresh_from_db()
    assert reference.status == "cancelled" and reference.link_version > version
    assert somebody.reference_requests.get().status in ("cancelled", "concluded")


def test_the_access_export_has_it_all(somebody, as_alice, as_bob):
    assert as_bob.get(f"/api/v1/candidates/{somebody.pk}/access").status_code == 403
    answer = as_alice.get(f"/api/v1/candidates/{somebody.pk}/access")
    assert answer.status_code == 200
    text = json.dumps(answer.json(), ensure_ascii=False)
    assert [name for name in NAMES if name not in text] == []
    assert "link_version" not in text


def test_the_access_export_has_no_drafts(somebody, as_alice):
    answers = Answer.objects.filter(answer_set__reference__candidate=somebody)
    answers.update(comment="Words of a draft")
    for reference in somebody.references.filter(status="filled"):
        type(reference).objects.filter(pk=reference.pk).update(
            status="started", filled_at=None, score=None
        )
    answer = as_alice.get(f"/api/v1/candidates/{somebody.pk}/access")
    assert answers.exists() and "Words of a draft" not in answer.content.decode()


def test_retention(bob, firm, question_set):
    """What was over 24 months ago goes; what is open or younger stays."""
    old, young, waiting = (
        make_check(bob, 0, first_name=name) for name in ("Old", "Young", "Waiting")
    )
    for request in (old, young):
        request.conclude(bob)
    never = make_candidate(bob, first_name="Never")
    now = timezone.now()
    for request, days in ((old, 740), (young, 700), (waiting, 2000)):
        at = now - timedelta(days=days)
        type(request).objects.filter(pk=request.pk).update(
            closed_at=at if request.status == "concluded" else None
        )
    Candidate.objects.update(created_at=now - timedelta(days=3000))
    erase_expired()
    erased = set(Candidate.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))
    assert erased == {old.candidate_id, never.pk}
    assert set(Candidate.objects.filter(erased_at=None).values_list("first_name", flat=True)) == {
        "Young",
        "Waiting",
    }


def test_a_firm_that_left_is_forgotten_after_a_month(somebody, firm, alice, other_firm):
    firm.remove(alice)
    erase_expired()
    assert found("Quintarelli")
    type(firm).objects.filter(pk=firm.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    erase_expired()
    rows = [where for where, _name in found("Quintarelli", "alice@marchand.example")]
    assert [where for where in rows if "/" not in where] == []
    alice.user.refresh_from_db()
    assert not alice.user.is_active and not alice.user.has_usable_password()


def test_who_cant_be_erased_keeps_nobody_else(bob, charlie, monkeypatch):
    stubborn, *_others = [make_candidate(by) for by in (bob, bob, charlie)]
    HiringFirm.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    save = Candidate.save

    def refuse(candidate, **kwargs):
        if candidate.pk == stubborn.pk:
            raise RuntimeError
        save(candidate, **kwargs)

    monkeypatch.setattr(Candidate, "save", refuse)
    erase_expired()
    left = Candidate.objects.filter(erased_at=None)
    assert list(left) == [stubborn]
    monkeypatch.setattr(Candidate, "save", save)
    erase_expired()
    assert not left.all().exists()


def test_files_of_the_dead_are_found(somebody, alice, django_capture_on_commit_callbacks):
    """Nothing below the documents calls them: their sweep sees what was deleted."""
    names = [document.file.name for document in Document.objects.all()]
    assert names and all(default_storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        somebody.remove(alice)
        Document.objects.orphans().erase()
    assert Document.objects.count() == 0
    assert not any(default_storage.exists(name) for name in names)
