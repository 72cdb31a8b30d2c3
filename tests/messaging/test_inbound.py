"""Texts that people send back."""

import pytest

from apps.messaging.models import OptOut
from tests.messaging.conftest import send_due
from tests.messaging.test_receipts import post

NUMBER = "+15145550134"


@pytest.fixture
def say(client, settings):
    def say(words: str, **form) -> str:
        answer = post(
            client, settings, "/hooks/twilio/inbound", {"From": NUMBER, "Body": words} | form
        )
        assert answer.status_code == 200
        return answer.content.decode()

    return say


@pytest.mark.parametrize("word", ["STOP", "stop.", "Arrêt", "ARRET", " arret ", "UNSUBSCRIBE"])
def test_stop_ends_texts_in_both_languages(say, word):
    answer = say(word)
    assert "no more texts" in answer and "plus de textos" in answer
    assert OptOut.objects.of(NUMBER, "sms").exists()


@pytest.mark.parametrize("word", ["START", "Début"])
def test_start_begins_them_again(say, word):
    say("STOP")
    assert "Les textos reprennent" in say(word)
    assert not OptOut.objects.of(NUMBER, "sms").exists()


@pytest.mark.parametrize("word", ["HELP", "aide", "Info"])
def test_help_says_who_writes(say, word, settings):
    answer = say(word)
    assert settings.SUPPORT_EMAIL in answer and "ARRET" in answer


def test_other_words_get_no_answer(say):
    assert "<Message>" not in say("Who is this? Please stop writing.")
    assert not OptOut.objects.exists()


def test_twilio_has_answered_already(say):
    assert "<Message>" not in say("whatever", OptOutType="STOP")
    assert OptOut.objects.exists()


def test_nobody_texts_a_number_that_said_stop(say, providers, reference, invitation):
    say("ARRET")
    send_due("sms")
    invitation.refresh_from_db()
    assert (invitation.status, invitation.error) == ("suppressed", "opted out")
