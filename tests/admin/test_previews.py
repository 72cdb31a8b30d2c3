"""What others see, shown to staff: nothing is opened, sent or given away by looking."""

import re

from apps.activities.models import Activity
from apps.links.tokens import Purpose, sign
from apps.messaging.kinds import KINDS
from apps.messaging.models import Message
from tests.conftest import fill


def test_a_message_as_it_reads(as_support, reference):
    email = Message.objects.about(reference).get(channel="email")
    page = as_support.get(f"/admin/messaging/message/{email.pk}/preview/").content.decode()
    html = as_support.get(f"/admin/messaging/message/{email.pk}/preview/html/")
    assert "Camille" in page and "Camille" in html.content.decode()
    for text in (page, html.content.decode()):
        assert not re.search(r"/r/[\w-]{44}", text)
    policy = html.headers["Content-Security-Policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy
    assert html.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_text_as_it_reads(as_support, reference):
    text = Message.objects.about(reference).get(channel="sms")
    page = as_support.get(f"/admin/messaging/message/{text.pk}/preview/").content.decode()
    assert "Camille" in page and sign(Purpose.REFERENCE, reference) not in page


def test_the_page_of_a_respondent(as_support, reference, reference_request):
    before = set(Activity.objects.values_list("pk", flat=True))
    for kind, target in (("reference", reference), ("request", reference_request)):
        page = as_support.get(f"/admin/as/{kind}/{target.pk}/")
        assert page.status_code == 200 and "<iframe" in page.content.decode()
        inner = as_support.get(f"/admin/as/{kind}/{target.pk}/page/")
        assert "Camille" in inner.content.decode()
        assert "sandbox" in inner.headers["Content-Security-Policy"]
        assert not re.search(r"/r/[\w-]{44}", inner.content.decode())
        target.refresh_from_db()
        assert target.opened_at is None and target.status == "sent"
    # All that is new is that staff looked.
    new = Activity.objects.exclude(pk__in=before)
    assert list(new.values_list("key", flat=True)) == ["personal_data.view"] * 2


def test_an_unknown_kind_is_not_there(as_support, reference):
    assert as_support.get(f"/admin/as/user/{reference.pk}/").status_code == 404
    assert as_support.get(f"/admin/report/user/{reference.pk}/").status_code == 404


def test_the_admin_is_under_the_policy(as_support):
    policy = as_support.get("/admin/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy


def test_every_message_there_is(as_support):
    for kind in KINDS:
        page = as_support.get("/admin/messaging/message/templates/", {"kind": kind})
        assert page.status_code == 200
        assert f'href="?kind={kind}" aria-current="page"' in page.content.decode()
    frame = as_support.get("/admin/messaging/message/templates/reference_invitation/email/fr/")
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    wrong = "/admin/messaging/message/templates/reference_invitation/sms/xx/"
    assert as_support.get(wrong).status_code == 404


def test_all_that_is_kept_about_somebody(as_administrator, as_support, reference):
    fill(reference)
    page = f"/admin/kept/{reference.candidate_id}/"
    shown = as_administrator.get(page).content.decode()
    assert "camille@candidate.example" in shown and "Calm, exact, generous." in shown
    handed = as_administrator.get(page + "?json")
    assert "attachment" in handed.headers["Content-Disposition"]
    assert handed.json()["Candidate"][0]["first_name"] == "Camille"
    assert Activity.objects.filter(key="candidate.access").count() == 2
    assert as_support.get(page).status_code == 403


def test_a_part_of_a_page_asked_for_alone_is_kept_too(as_support, reference):
    """Its frame shows what the page masks; so does the notice that quotes a note."""
    frame = f"/admin/as/reference/{reference.pk}/page/"
    assert [as_support.get(frame).status_code for _twice in range(2)] == [200, 200]
    looked = Activity.objects.filter(key="personal_data.view", trackable_id=reference.pk)
    assert looked.count() == 1
    looked.delete()
    reference.request_call("After five, at work.")
    notice = Message.objects.get(kind="reference_call_requested")
    html = as_support.get(f"/admin/messaging/message/{notice.pk}/preview/html/")
    assert "After five, at work." in html.content.decode()
    assert looked.count() == 1
