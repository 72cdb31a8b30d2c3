"""Contact details are masked until asked for, whoever asks; who asked, what and when is kept."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone

from apps.activities.models import Activity
from apps.candidates.models import Candidate
from apps.consents.models import Consent
from apps.messaging.models import Message
from apps.staff.masking import KEY, SHOWN_FOR, masked
from tests.admin.conftest import signed_in
from tests.admin.test_roles import url

WORDS = ("etienne@reference.example", "5145550134", "514 555-0134", "camille@candidate.example")


@pytest.fixture(params=["administrator", "support"])
def colleague(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def browser(colleague):
    return signed_in(colleague)


def page_of(thing) -> str:
    return url(type(thing), "change", thing.pk)


def read(browser, address) -> str:
    return browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("etienne@reference.example", "e•••@reference.example"),
        ("514 555-0142", "•••42"),
        ("+15145550142", "•••42"),
        ("10.0.0.142", "•••"),
        ("Call me at anna@home.example", "•••"),
        ("", ""),
        (None, ""),
    ],
)
def test_enough_to_recognise_too_little_to_write_to(text, shown):
    assert masked(text) == shown


def test_no_list_and_no_page_shows_an_address(browser, reference):
    for model in admin.site._registry:
        pages = [url(model)]
        pages += [page_of(row) for row in model._default_manager.all()[:3]]
        for address in pages:
            if model._meta.model_name not in ("user", "recruiter"):  # they are our customers
                text = read(browser, address)
                assert not [words for words in WORDS if words in text], address
    assert "e•••@reference.example" in read(browser, f"/admin/find/?q={WORDS[0]}")
    email = Message.objects.about(reference).get(channel="email")
    assert WORDS[0] not in read(browser, f"/admin/messaging/message/{email.pk}/preview/")
    assert not Activity.objects.filter(key=KEY).exists()


def test_it_is_shown_to_who_asks_and_that_is_kept(browser, colleague, reference, candidate):
    answer = browser.post(page_of(reference), {"show_personal": ""})
    assert answer.status_code == 302
    text = read(browser, answer.headers["Location"])
    assert 'value="etienne@reference.example"' in text and "is shown until" in text
    kept = Activity.objects.get(key=KEY)
    assert (kept.owner_type, kept.owner_id) == ("User", colleague.pk)
    assert (kept.trackable_type, kept.trackable_id) == ("Reference", reference.pk)
    assert (kept.hiring_firm, kept.candidate) == (reference.hiring_firm, candidate)
    assert kept.parameters == "{}"
    assert "Personal data: shown" in text  # in the timeline
    # That one was asked for, and no other.
    assert "camille@candidate.example" not in read(browser, page_of(candidate))


def test_only_who_asked_sees_it(as_administrator, as_support, reference):
    as_support.post(page_of(reference), {"show_personal": ""})
    assert WORDS[0] in read(as_support, page_of(reference))
    assert WORDS[0] not in read(as_administrator, page_of(reference))


def test_it_is_masked_again(browser, reference):
    browser.post(page_of(reference), {"show_personal": ""})
    long_ago = timezone.now() - SHOWN_FOR - timedelta(seconds=1)
    Activity.objects.filter(key=KEY).update(created_at=long_ago)
    assert WORDS[0] not in read(browser, page_of(reference))


def test_records_that_nobody_writes_are_masked_too(browser, reference):
    message = Message.objects.about(reference).get(channel="email")
    consent = Consent.objects.create(
        subject_type="Reference", subject_id=reference.pk, purpose="answer", given=True,
        text_version="1", language="en", ip_address="203.0.113.9",
        hiring_firm=reference.hiring_firm,
    )  # fmt: skip
    for thing, words in ((message, WORDS[0]), (consent, "203.0.113.9")):
        assert words not in read(browser, page_of(thing))
        browser.post(page_of(thing), {"show_personal": ""})
        assert words in read(browser, page_of(thing))
    assert Activity.objects.filter(key=KEY).count() == 2


def test_what_a_mail_server_said_names_no_address(browser, reference):
    message = Message.objects.about(reference).get(channel="email")
    Message.objects.filter(pk=message.pk).update(error="550 no <etienne@reference.example> here")
    for address in (url(Message), page_of(message)):
        text = read(browser, address)
        assert "e•••@reference.example" in text and WORDS[0] not in text


def test_an_address_is_not_changed_unseen(browser, reference):
    """A form that was open for too long still saves, and that counts as asking."""
    fields = {
        "first_name": "Étienne", "last_name": "Gauvreau", "email": "new@reference.example",
        "country_code": "1", "phone": "5145550134", "company_name": "", "contact_type": "both",
        "language": "en", "internal_id": "", "answer_set-TOTAL_FORMS": "0",
        "answer_set-INITIAL_FORMS": "0",
    }  # fmt: skip
    masked_form = {name: fields[name] for name in fields if name not in ("email", "phone")}
    assert browser.post(page_of(reference), masked_form).status_code == 302
    assert not Activity.objects.filter(key=KEY).exists()
    reference.refresh_from_db()
    assert reference.email == "etienne@reference.example"
    assert browser.post(page_of(reference), fields).status_code == 302
    reference.refresh_from_db()
    assert reference.email == "new@reference.example"
    assert Activity.objects.filter(key=KEY).count() == 1


def exported(client, thing) -> str:
    chosen = {"action": "export_csv", "_selected_action": [str(thing.pk)]}
    return b"".join(client.post(url(type(thing)), chosen).streaming_content).decode()


def test_whole_lists_of_addresses_are_for_administrators(as_administrator, as_support, reference):
    said = f"550 no <{WORDS[0]}> here"  # mail servers repeat what they refuse
    Message.objects.about(reference).update(error=said)
    for thing in (reference, reference.candidate, Message.objects.about(reference).first()):
        open_, closed = exported(as_administrator, thing), exported(as_support, thing)
        assert any(words in open_ for words in (*WORDS, "+15145550134")), open_
        assert not any(words in closed for words in (*WORDS, "+15145550134")), closed
        assert len(closed.splitlines()) == len(open_.splitlines()) == 2
    assert Activity.objects.filter(key="export.csv").count() == 6


def test_who_may_not_see_the_page_is_shown_nothing(as_finance, reference, client, alice):
    assert as_finance.post(page_of(reference), {"show_personal": ""}).status_code == 403
    client.force_login(alice.user)
    assert client.post(page_of(reference), {"show_personal": ""}).status_code == 302
    assert not Activity.objects.filter(key=KEY).exists()


def test_every_page_with_an_address_masks_it():
    """A column of contact details that a new page forgets to mask."""
    contact = {"email", "phone", "address", "ip_address", "user_agent", "street_address"}
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label in ("accounts", "recruiters", "firms", "axes"):
            continue
        shown = str((model_admin.list_display, model_admin.fieldsets, model_admin.fields))
        names = {field.name for field in model._meta.local_fields} & contact
        assert {name for name in names if f"'{name}'" in shown} <= set(model_admin.personal), model


def test_an_erased_person_has_nothing_to_show(browser, candidate):
    Candidate.objects.filter(pk=candidate.pk).update(email="", phone="", notes="")
    assert "show_personal" not in read(browser, page_of(candidate))
