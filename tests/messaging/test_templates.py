"""Every message has its words: in both languages, on every channel of its kind, within bounds."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.backends.django import DjangoTemplates
from django.urls import reverse
from django.utils import translation

from apps.candidates.models import Experience
from apps.messaging.kinds import EMAIL, KINDS, SMS
from apps.messaging.models import Message
from apps.messaging.rendering import GSM, words
from apps.messaging.rendering import render as words_of
from apps.messaging.samples import PAGE, SAMPLE, sample
from apps.verifications.models import Verification
from tests.conftest import fill, make_candidate

FOLDER = Path(settings.BASE_DIR) / "templates" / "messages"
LANGUAGES = ("en", "fr")
PARTS = {EMAIL: ("subject.txt", "body.txt", "body.html"), SMS: ("sms.txt",)}
TEXTS = [kind for kind, about in KINDS.items() if SMS in about.channels]
UNKNOWN = "(not in the context)"
BARE = {
    "firm_address": "",
    "recruiter_phone": "",
    "recruiter_email": "",
    "decline_link": "",
    "unsubscribe_link": "",
    "other_language_link": "",
    "deadline": None,
    "position": "",
    "needed": 1,
    "missing": 0,
    "score": None,
    "relationship_label": "",
    "company_name": "",
    "kind": "education",
    "reason": "",
    "outcome": "",
    "channel": "sms",
    "person_role": "candidate",
    "erase_on": None,
}


@pytest.fixture(scope="module")
def engine():
    options = {"string_if_invalid": UNKNOWN}
    folders = [FOLDER.parent]
    return DjangoTemplates({"NAME": "x", "DIRS": folders, "APP_DIRS": True, "OPTIONS": options})


@pytest.fixture
def render(engine):
    def render(kind, part, language, /, **changes):
        with translation.override(language):
            template = engine.get_template(f"messages/{kind}/{part}")
            return template.render({**sample(kind, language), "language": language, **changes})

    return render


def test_every_kind_has_the_parts_of_its_channels_and_no_other_folder_exists():
    found = {d.name: {p.name for p in d.iterdir()} for d in FOLDER.iterdir() if d.is_dir()}
    assert found == {
        kind: {part for channel in about.channels for part in PARTS[channel]}
        for kind, about in KINDS.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("changes", [{}, BARE], ids=["full", "bare"])
def test_it_renders_with_what_the_context_holds(kind, language, changes, render):
    for channel in KINDS[kind].channels:
        for part in PARTS[channel]:
            words = render(kind, part, language, **changes)
            assert UNKNOWN not in words
            if part != "body.html":
                assert "&#x27;" not in words and "&amp;" not in words, "plain text isn't escaped"
                assert "\n\n\n" not in words.strip()
            if part == "subject.txt":
                assert len(words.strip().splitlines()) == 1 and len(words.strip()) <= 90


def test_what_a_message_is_about_gives_all_that_its_words_name(engine, reference):
    """The sample of the other tests is only a sample."""
    request, candidate = reference.reference_request, reference.candidate
    claim = Experience.objects.create(
        profile=candidate.profile, company_name="Atelier Nord", job_title="Engineer"
    )
    verifier = {"first_name": "Ada", "last_name": "Roy", "email": "ada@verifier.example"}
    verification = Verification(**verifier).create(candidate.added_by, claim)
    fill(reference)
    reference.request_erasure()
    told = {"reference_name": "", "person_name": "", "person_role": "", "channel": ""}
    for kind in sorted(set(KINDS) - {"recruiter_welcome", "password_reset", "password_changed"}):
        about = {"request": request, "verific": verification}.get(kind[:7], reference)
        about = request if kind == "reference_unreachable" else about
        for to in (about.addressee, candidate.added_by.user):
            message = Message(kind=kind, about_id=about.pk, recipient_id=to.pk, language="en")
            context = about.message_context(message) | {"privacy_link": "", "language": "en"}
            for path in sorted((FOLDER / kind).iterdir()):
                given = told if kind in ("message_failed", "reference_unreachable") else {}
                words = engine.get_template(f"messages/{kind}/{path.name}").render(context | given)
                assert UNKNOWN not in words, (path, words)


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_escaped_and_loads_nothing(kind, render):
    html = render(kind, "body.html", "en", recruiter_name="<b>Mallory</b>", first_name="<i>x</i>")
    assert "<b>Mallory" not in html and "<i>x" not in html
    assert not re.search(r"<(img|script|link)\b|url\(|@import", html)


def test_a_logo_is_the_only_image(render):
    html = render(
        "reference_invitation", "body.html", "en", firm_logo_url="https://x.example/l.png"
    )
    assert re.findall(r'<img[^>]+src="([^"]+)"', html) == ["https://x.example/l.png"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("changes", [{}, BARE, {"missing": 1}], ids=["full", "bare", "one"])
def test_a_text_message_is_short_and_says_who_asks_and_how_to_stop(kind, language, changes, render):
    text = " ".join(render(kind, "sms.txt", language, **changes).split())
    assert set(text) <= GSM
    assert " :" not in text  # an ordinary space would leave the colon to the next line
    assert PAGE in text
    assert "Marchand Ouellet" in text
    assert "Camille" in text or kind.startswith("request_")  # then it is the reader's own name
    assert text.endswith(("STOP to end.", "ARRET pour cesser."))
    assert len(text) <= 3 * 67  # what a name outside GSM-7 leaves


LONG = {
    "firm_name": "Centre intégré universitaire de santé et de services sociaux du "
    "Centre-Sud-de-l’Île-de-Montréal",
    "candidate_name": "Marie-Françoise Archambault-Desjardins de la Chevrotière",
    "recruiter_name": "Jean-Sébastien Charbonneau-Vaillancourt",
    "first_name": "Marie-Françoise",
}
LONG_AND_PLAIN = {
    name: value.translate(str.maketrans("çÎ’", "cI'")) for name, value in LONG.items()
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize(
    ("names", "most"), [(LONG, 3 * 67), (LONG_AND_PLAIN, 2 * 153)], ids=["three", "two"]
)
def test_the_longest_names_leave_a_text_within_its_segments(kind, language, names, most):
    context = sample(kind, language) | names
    text = words(kind, SMS, language, context).text
    assert len(text) <= most
    assert PAGE in text and text.endswith(("STOP to end.", "ARRET pour cesser."))
    assert "Centre intégré" in text
    assert "Marie-Fran" in text
    short = sample(kind, language)
    assert "..." not in words(kind, SMS, language, short).text


def test_the_reset_key_stands_on_a_line_of_its_own(render):
    for language in LANGUAGES:
        lines = render("password_reset", "body.txt", language).splitlines()
        assert f"reset_key: {SAMPLE['reset_key']}" in lines


def test_a_receipt_offers_no_way_to_decline_what_is_done(render):
    for part in PARTS[EMAIL]:
        assert SAMPLE["decline_link"] not in render("reference_receipt", part, "fr")


def test_days_are_written_as_people_write_them(render):
    assert "vendredi 1er\u00a0janvier" in render("reference_invitation", "body.txt", "fr")
    assert "Friday 1\u00a0January" in render("reference_invitation", "body.txt", "en")
    assert "1er\u00a0décembre\u00a02028" in render("reference_receipt", "body.txt", "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_says_in_words_why_a_message_did_not_arrive(language, render):
    ends = ("bounced", "failed", "expired")
    said = [render("message_failed", "body.txt", language, reason=end) for end in ends]
    assert len(set(said)) == 3
    assert not any(end in words for end, words in zip(ends, said, strict=True))


def test_the_recruiter_reads_what_the_verifier_says_beside_it(bob):
    job = Experience.objects.create(
        profile=make_candidate(bob).profile, company_name="Atelier Nord", job_title="Engineer"
    )
    verifier = {"first_name": "Ada", "last_name": "Roy", "email": "ada@verifier.example"}
    verification = Verification(**verifier).create(bob, job)
    verification.decline("We keep no files from then.")
    notice = Message.objects.get(kind="verification_done")
    assert "“We keep no files from then.”" in words_of(notice, verification).text


def test_who_did_not_change_their_password_finds_where_to_ask_for_another(bob):
    bob.user.change_password("another-long-password-2026")
    notice = Message.objects.get(kind="password_changed")
    address = f"{settings.PUBLIC_URL}{reverse('forgotten-password')}"
    assert address in words_of(notice, bob.user).text
    assert address in words_of(notice, bob.user).html
