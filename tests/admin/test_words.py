"""Staff read words, in both languages, and never the names that code gives to things."""

import ast
import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.utils.translation import override

from apps.activities.models import Activity
from apps.activities.words import ACTS, NOUNS, in_words
from apps.jsonapi.resources import resource_models
from apps.messaging.admin import REASONS
from apps.messaging.kinds import KINDS, WORDS
from apps.messaging.models import Message
from apps.questions.models import Question
from apps.recruiters.models import Recruiter
from apps.references.models import Reference, ReferenceRequest
from apps.verifications.models import Verification

KEY = re.compile(r"[a-z_]+\.[a-z_]+")
# Composed where they are recorded.
COMPOSED = {
    *(f"message.{status}" for status in ("bounced", "failed", "expired")),
    *(f"{each}.resend" for each in ("reference_request", "reference", "verification")),
    *(f"reference.{each}" for each in ("cancelled", "expired")),
    *(f"{each}.{act}" for each in ("experience", "education") for act in ("create", "destroy")),
}


def keys_of_code():
    """Every text in the code that looks like the key of an activity."""
    nouns = {re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower() for model in resource_models()}
    for folder in ("apps", "vitay"):
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    for each in [*node.args, *(word.value for word in node.keywords)]:
                        yield from _keys(each, nouns | set(NOUNS))
                if isinstance(node, ast.Assign):
                    yield from _keys(node.value, nouns | set(NOUNS))


def _keys(node, nouns):
    found = [node, node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    for each in found:
        text = getattr(each, "value", None)
        if isinstance(text, str) and KEY.fullmatch(text) and text.partition(".")[0] in nouns:
            yield text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_activity(language):
    keys = {*keys_of_code(), *COMPOSED} - COLUMNS
    assert len(keys) > 80
    with override(language):
        assert {key for key in keys if in_words(key) == key} == set()


# Paths of columns, and what no activity is called.
COLUMNS = {"user.full_name", "user.email", "user.display_phone", "user.last_login"}


def test_every_word_has_its_french():
    words = [*ACTS.values(), *NOUNS.values(), *WORDS.values()]
    with override("en"):
        english = [str(each) for each in words]
    with override("fr"):
        french = [str(each) for each in words]
    assert [one for one, other in zip(english, french, strict=True) if one == other] == []


def test_every_kind_of_message():
    assert WORDS.keys() == KINDS.keys()


def test_a_key_of_a_former_release_stays_as_it_is():
    assert in_words("candidate.teleport") == "candidate.teleport"


@pytest.mark.parametrize(
    ("language", "words", "act"),
    [("en", "Invited", "Reference: invited"), ("fr", "invitation", "Référence\u00a0: invitation")],
)
def test_activities_are_found_by_their_words(as_administrator, reference, language, words, act):
    as_administrator.cookies["django_language"] = language
    page = as_administrator.get("/admin/activities/activity/", {"q": words})
    found = {row.key for row in page.context["cl"].result_list}
    assert "reference.contact" in found
    assert act in page.content.decode()
    by_key = as_administrator.get("/admin/activities/activity/", {"q": "reference.contact"})
    assert {row.key for row in by_key.context["cl"].result_list} == {"reference.contact"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_page_shows_the_name_of_a_kind_or_key(as_administrator, reference, language):
    reference.change(reference.requested_by, company_name="Fonderie")
    as_administrator.cookies["django_language"] = language
    message = Message.objects.about(reference).first()
    pages = [
        "/admin/messaging/message/",
        f"/admin/messaging/message/{message.pk}/change/",
        f"/admin/messaging/message/{message.pk}/preview/",
        "/admin/activities/activity/",
        f"/admin/references/reference/{reference.pk}/change/",
        f"/admin/candidates/candidate/{reference.candidate_id}/change/",
    ]
    raw = {*KINDS, *Activity.objects.values_list("key", flat=True)}
    for page in pages:
        html = as_administrator.get(page).content.decode()
        texts = {text.strip() for text in re.findall(r">([^<]+)<", html)}
        assert not raw & texts, page


def test_what_an_activity_is_about_is_a_link(as_administrator, reference):
    activity = Activity.objects.get(key="reference.contact")
    url = f"/admin/activities/activity/{activity.pk}/change/"
    page = as_administrator.get(url).content.decode()
    assert f"/admin/references/reference/{reference.pk}/change/" in page
    Reference.objects.filter(pk=reference.pk).delete()
    assert str(reference.pk) in as_administrator.get(url).content.decode()


def test_names_that_code_gives_are_not_shown_in_english_either(as_administrator, bob):
    page = as_administrator.get(f"/admin/recruiters/recruiter/{bob.pk}/change/").content.decode()
    assert "Let in by the firm" in page and "Is active hf" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_never_happened_is_a_dash(as_administrator, bob, language):
    as_administrator.cookies["django_language"] = language
    page = f"/admin/recruiters/recruiter/{bob.pk}/change/"
    bob.user.last_login = None
    bob.user.save()
    assert 'class="readonly">None<' not in as_administrator.get(page).content.decode()
    bob.user.last_login = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
    bob.user.save()
    assert (
        '<span class="nowrap">2026-11-02</span> 10:30'
        in as_administrator.get(page).content.decode()
    )


def test_whether_there_is_a_time_is_yes_or_no(as_administrator, reference):
    page = as_administrator.get("/admin/references/reference/").content.decode()
    assert "Not empty" not in page and "erasure_requested_at__isempty=0" in page
    asked = as_administrator.get("/admin/references/reference/?erasure_requested_at__isempty=0")
    assert list(asked.context["cl"].result_list) == []


def test_pages_of_django_are_worded_like_ours(as_administrator, reference):
    """No name of an app stands in their crumbs, and their head is that of every page."""
    as_administrator.cookies["django_language"] = "fr"
    history = as_administrator.get(f"/admin/references/reference/{reference.pk}/history/")
    assert "/admin/references/" not in re.findall(r'href="([^"]*)"', history.content.decode())
    assert as_administrator.get("/admin/references/").headers["Location"] == "/admin/"
    password = as_administrator.get("/admin/password_change/").content.decode()
    assert 'id="find"' in password and "Double authentification" in password


def test_why_a_message_was_not_sent_is_in_words(as_administrator, reference, bob):
    """Whatever the code gives as a reason, and every state that may end what is waited for."""
    given = set(Reference.Status) - {*Reference.LIVE, "created", "pending_review"}
    given |= set(Verification.Status) - {*Verification.LIVE}
    for path in settings.BASE_DIR.glob("apps/**/*.py"):
        given |= set(re.findall(r'(?:hush|suppress|forget)\("([^"]+)"', path.read_text()))
    assert len(given) > 12 and given <= set(REASONS), given - set(REASONS)
    reference.cancel(bob)
    message = Message.objects.about(reference).filter(status="suppressed").first()
    page = as_administrator.get(
        f"/admin/messaging/message/{message.pk}/change/", headers={"accept-language": "fr"}
    )
    assert "C’est annulé." in page.content.decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["What was changed", "company name, phone", "Channel", "Text message", "Kind"]),
        ("fr", ["Ce qui a changé", "employeur, téléphone", "Canal", "Texto", "2026-11-02 10:30"]),
    ],
)
def test_what_is_kept_with_an_activity_is_in_words(as_administrator, reference, language, said):
    about = Activity.record(
        None,
        "reference.update",
        reference,
        changed=["company_name", "phone"],
        channel="sms",
        kind="reference_invitation",
        until=datetime(2026, 11, 2, 15, 30, tzinfo=UTC),
        model="ReferenceRequest",
        is_root=True,
        roles=["Support"],
        rows=3,
        former="as it was",
    )
    as_administrator.cookies["django_language"] = language
    page = as_administrator.get(f"/admin/activities/activity/{about.pk}/change/").content.decode()
    facts = page[page.index('<dl class="facts">') : page.index("</dl>")]
    for each in said:
        assert each in facts, each
    assert not {"{", "company_name", "reference_invitation", "True", "T15:30"} & set(
        re.findall(r"[\w{]+", facts)
    )


def test_nothing_kept_with_an_activity_is_a_dash(as_administrator, reference):
    about = Activity.record(None, "reference.update", reference)
    page = as_administrator.get(f"/admin/activities/activity/{about.pk}/change/").content.decode()
    assert "{}" not in page


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (Reference.Status, {"sent": "envoyée", "opened": "ouverte", "expired": "expirée"}),
        (Reference.Status, {"pending_review": "à approuver", "filled": "obtenue"}),
        (ReferenceRequest.Status, {"sent": "envoyée", "opened": "ouverte", "expired": "expirée"}),
        (Verification.Status, {"sent": "envoyée", "opened": "ouverte", "expired": "expirée"}),
        (Message._meta.get_field("status"), {"sent": "Envoyé", "suppressed": "Non envoyé"}),
        (Question._meta.get_field("type"), {"text": "Texte", "boolean": "Oui ou non"}),
        (Reference._meta.get_field("contact_type"), {"text": "Texto"}),
        (Recruiter._meta.get_field("notifications"), {"all": "Toutes", "none": "Aucune"}),
    ],
)
def test_a_state_agrees_with_what_it_is_said_of(choices, words):
    """A reference is « envoyée », a message « envoyé »: one English word, and not one French."""
    with override("fr"):
        said = {
            str(value): str(label)
            for value, label in getattr(choices, "flatchoices", None) or choices.choices
        }
    assert {each: said[each] for each in words} == words
