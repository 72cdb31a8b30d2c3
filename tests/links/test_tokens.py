import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.links.authentication import respondent
from apps.links.tokens import Purpose, read, resolve, sign


def test_a_link_opens_one_thing_for_one_purpose(reference):
    token = sign(Purpose.REFERENCE, reference)
    assert len(token) == 44
    assert resolve(token) == (Purpose.REFERENCE, reference)


@pytest.mark.parametrize("end", ["cancel", "conclude", "decline"])
def test_a_closed_request_takes_nothing_more(reference_request, bob, end):
    token = sign(Purpose.REQUEST, reference_request)
    assert respondent(token).target == reference_request
    act = getattr(reference_request, end)
    act() if end == "decline" else act(by=bob)
    assert respondent(token) is None


def test_a_purpose_cant_be_exchanged(reference):
    raw = bytearray(base64.urlsafe_b64decode(sign(Purpose.UNSUBSCRIBE_REFERENCE, reference)))
    raw[0] = Purpose.REFERENCE
    assert resolve(base64.urlsafe_b64encode(raw).decode()) is None


def test_unsubscribing_does_not_answer(reference):
    assert respondent(sign(Purpose.UNSUBSCRIBE_REFERENCE, reference)) is None
    assert respondent(sign(Purpose.REFERENCE, reference)).target == reference


def test_raising_the_version_ends_it(reference):
    token = sign(Purpose.REFERENCE, reference)
    reference.link_version += 1
    reference.save()
    assert resolve(token) is None


def test_keys_can_be_rotated(reference, settings):
    token = sign(Purpose.REFERENCE, reference)
    settings.LINK_KEYS = ["a-new-key", *settings.LINK_KEYS]
    assert resolve(token) is not None
    settings.LINK_KEYS = ["a-new-key"]
    assert resolve(token) is None


def test_every_bit_counts(reference):
    raw = base64.urlsafe_b64decode(sign(Purpose.REFERENCE, reference))
    for at in range(len(raw)):
        flipped = bytearray(raw)
        flipped[at] ^= 1
        assert resolve(base64.urlsafe_b64encode(flipped).decode()) is None


@given(st.text(max_size=60))
def test_anything_may_be_asked_for(token):
    read(token)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=33, max_size=33))
def test_nothing_guessed_opens(reference, raw):
    assert resolve(base64.urlsafe_b64encode(raw).decode()) is None


@pytest.mark.parametrize("token", ["", "a" * 44, "é" * 44, "\x00" * 44, "=" * 44])
def test_what_is_no_token(token):
    assert resolve(token) is None
