"""The mailbox of the embedded default: Twilio's list of messages, a page, a list."""

import pytest
from django.test import Client

from apps.messaging import gateways, mailbox
from apps.messaging.models import Message
from apps.messaging.rendering import Rendered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def box(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path / "mailbox"


def test_texts_go_and_are_found_over_twilios_client(live_server, settings, invitation):
    gateways._local.__dict__.clear()
    settings.TWILIO_BASE_URL = f"{live_server.url}/dev/twilio"
    rendered = Rendered(text="Hello")
    with gateways.Session() as session:
        sent = session.send(invitation, rendered)
        assert session.find_text(invitation, rendered, known=set()) == sent
        assert (
            session.find_text(invitation, rendered, known={sent.provider_id}) == gateways.Absent()
        )
    (kept,) = mailbox.kept()
    assert (kept["channel"], kept["to"], kept["text"]) == ("sms", invitation.address, "Hello")


def test_a_number_that_cannot_be_is_refused(live_server, settings, invitation):
    gateways._local.__dict__.clear()
    settings.TWILIO_BASE_URL = f"{live_server.url}/dev/twilio"
    invitation.address = "5145550134"
    with gateways.Session() as session:
        outcome = session.send(invitation, Rendered(text="Hello"))
    assert (type(outcome), outcome.code) == (gateways.Refused, "21211")


def test_the_list_has_what_was_sent_newest_first(client):
    mailbox.keep("sms", "+15145550134", "First http://a.example/r/x.")
    mailbox.keep(
        "email", "a@b.example", "t", subject="S", html='<a href="http://b.example/?a=1&amp;b">'
    )
    second, first = client.get("/dev/mailbox.json").json()
    assert first["links"] == ["http://a.example/r/x"]
    assert second["links"] == ["http://b.example/?a=1&b"]
    assert set(first) == {
        *("id", "channel", "to", "subject", "text", "html", "links", "created_at"),
    }


def test_an_email_shows_in_a_frame_that_can_do_nothing(client):
    id = mailbox.keep("email", "a@b.example", "t", subject="S<i>", html="<head></head><b>Hi</b>")[
        "id"
    ]
    page = client.get("/dev/mailbox")
    assert f"/dev/mailbox/{id}.html" in page.content.decode()
    assert "S&lt;i&gt;" in page.content.decode()
    email = client.get(f"/dev/mailbox/{id}.html")
    assert "default-src 'none'" in email["Content-Security-Policy"]
    assert "sandbox" in email["Content-Security-Policy"]
    assert '<base target="_blank">' in email.content.decode()
    assert client.get(f"/dev/mailbox/{Message._meta.pk.default()}.html").status_code == 404


def test_an_empty_one_says_so():
    assert "Nothing yet" in Client().get("/dev/mailbox").content.decode()
