"""Who said stop is not written to again, whatever became of the key that hashed their address."""

import pytest

from apps.messaging.addresses import hash_address
from apps.messaging.delivery import _refusal
from apps.messaging.models import Message, OptOut
from tests.conftest import make_reference

NUMBER = "+15145550134"


@pytest.fixture
def stopped(settings):
    """Said stop while SECRET_KEY was the key of everything; both are others now."""
    OptOut.objects.record(NUMBER, "sms", source="text")
    settings.ADDRESS_KEYS = ["a-key-of-their-own", settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-" * 4


def test_a_new_key_forgets_no_opt_out(stopped, reference):
    text = Message.objects.about(reference).get(channel="sms")
    assert _refusal(text, reference) == "opted out"
    assert OptOut.objects.among({(NUMBER, "sms"), ("x@reference.example", "email")}) == {
        (NUMBER, "sms")
    }


def test_saying_stop_again_is_one_opt_out_and_start_ends_it(stopped):
    again = OptOut.objects.record(NUMBER, "sms", source="link")
    assert again.source == "text" and OptOut.objects.count() == 1
    OptOut.objects.of(NUMBER, "sms").delete()
    assert not OptOut.objects.exists()


def test_new_hashes_are_made_with_the_first_key(settings):
    before = hash_address(NUMBER)
    settings.ADDRESS_KEYS = ["new", settings.SECRET_KEY]
    assert hash_address(NUMBER) != before
    settings.ADDRESS_KEYS = [settings.SECRET_KEY]
    assert hash_address(NUMBER) == before


def test_texts_are_counted_across_keys(settings, reference_request, reference):
    make_reference(reference_request, first_name="Odile", email="", last_name="Roy")
    settings.ADDRESS_KEYS = ["new", settings.SECRET_KEY]
    first, *_others = Message.objects.filter(address=NUMBER)
    assert Message.objects.to_address_of(first).count() == 2
