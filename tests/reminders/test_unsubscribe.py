import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from apps.activities.models import Activity
from apps.links.tokens import Purpose, sign, url
from apps.messaging.models import OptOut

DAY = timedelta(days=1)


@pytest.fixture
def link(reference):
    return f"/r/{sign(Purpose.UNSUBSCRIBE_REFERENCE, reference)}"


def stopped(reference) -> bool:
    return OptOut.objects.of(reference.email, "email").exists()


def test_looking_changes_nothing(client, reference, link):
    page = client.get(link)
    assert page.status_code == 200 and "Stop reminders by email?" in page.content.decode()
    client.head(link)
    assert not stopped(reference)
    reference.refresh_from_db()
    assert reference.opened_at is None


def test_one_click_is_enough_for_a_mail_program(client, reference, link):
    answer = client.post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and stopped(reference)
    client.post(link)
    assert Activity.objects.filter(key="reminder.unsubscribe").count() == 1


def test_it_speaks_the_readers_language(client, reference, link):
    type(reference).objects.update(language="fr")
    assert "Mettre fin aux rappels" in client.get(link).content.decode()
    assert "Stop reminders" in client.get(f"{link}?lang=en").content.decode()


def test_texts_go_on_and_then_nothing_is_left(client, reference, link, bob):
    client.post(link)
    type(reference).objects.update(last_written_at=reference.last_written_at - 2 * DAY)
    reference.refresh_from_db()
    assert reference.remind(bob)
    OptOut.objects.record(reference.e164, "sms", source="text")
    type(reference).objects.update(last_written_at=reference.last_written_at - 2 * DAY)
    reference.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        reference.remind(bob)
    assert error.value.code == "nothing_to_remind"


def test_no_reminder_is_promised_that_will_not_go(as_bob, reference):
    def promised():
        listed = as_bob.get("/api/v2/references").json()["data"]
        return listed[0]["attributes"]["reminder"]["next_scheduled_at"]

    assert promised() and reference.next_scheduled_at
    reference.unsubscribe()
    assert promised() and reference.next_scheduled_at, "texts go on"
    OptOut.objects.record(reference.e164, "sms", source="text")
    assert promised() is None and reference.next_scheduled_at is None


def test_a_link_of_another_purpose_stops_nothing(client, reference):
    client.post(f"/r/{sign(Purpose.REFERENCE, reference)}", {"List-Unsubscribe": "One-Click"})
    assert not stopped(reference)


def test_a_dead_link_says_so(client, reference, link):
    type(reference).objects.update(link_version=2)
    assert client.post(link).status_code == 404
    assert not stopped(reference)


def test_its_address_is_the_links(reference):
    assert re.fullmatch(
        r"http://localhost:8000/r/.{44}", url(Purpose.UNSUBSCRIBE_REFERENCE, reference)
    )
