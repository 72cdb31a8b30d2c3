import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from apps.accounts.models import PasswordReset, User
from apps.accounts.tokens import ACCESS, REFRESH, issue, read
from apps.links.tokens import resolve
from apps.messaging.models import Message

NEW = "another-long-password-9"


def test_a_reset_works_once_and_ends_all_tokens(bob):
    token = issue(bob.user, ACCESS)
    first = PasswordReset.objects.request(bob.user)
    second = PasswordReset.objects.request(bob.user)
    assert first.link_is_live and second.link_is_live, "a later request leaves it good"
    first.use(NEW)
    second.refresh_from_db()
    assert not second.link_is_live, "using any one ends all"
    assert User.objects.signed_in_by(read(token, ACCESS)) is None
    assert User.objects.get(pk=bob.user_id).check_password(NEW)
    with pytest.raises(ValidationError) as refused:
        first.use(NEW)
    assert refused.value.error_dict["reset_key"][0].code == "reset_key_invalid"


def test_a_bad_password_leaves_the_reset_good(bob):
    reset = PasswordReset.objects.request(bob.user)
    with pytest.raises(ValidationError) as refused:
        reset.use("short")
    assert "password" in refused.value.message_dict
    reset.refresh_from_db()
    assert reset.link_is_live


def test_a_reset_ends_after_an_hour(bob):
    reset = PasswordReset.objects.request(bob.user)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert not reset.link_is_live


def test_the_secret_is_not_stored(bob):
    reset = PasswordReset.objects.request(bob.user)
    assert resolve(reset.reset_key)[1] == reset
    row = Message.objects.get(kind="password_reset")
    assert reset.reset_key not in str(row.__dict__)


def test_tokens_say_what_they_are_for(bob):
    assert read(issue(bob.user, REFRESH), ACCESS) is None
    assert read(issue(bob.user, ACCESS), ACCESS)["user_id"] == str(bob.user_id)
    assert read("nonsense", ACCESS) is None


def test_tokens_outlive_a_key_that_was_rotated(bob, settings):
    token = issue(bob.user, ACCESS)
    settings.JWT_KEYS = ["the-new-key-that-signs-" + "n" * 32, *settings.JWT_KEYS]
    assert read(token, ACCESS)
    settings.JWT_KEYS = settings.JWT_KEYS[:1]
    assert read(token, ACCESS) is None


def test_an_email_is_one_users_whatever_its_case(bob):
    with pytest.raises(ValidationError):
        User.objects.create_user(bob.user.email.upper(), NEW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_uses_at_once_make_one(bob):
    reset = PasswordReset.objects.request(bob.user)
    outcomes = []

    def use():
        try:
            PasswordReset.objects.get(pk=reset.pk).use(NEW)
            outcomes.append("used")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 3 + ["used"]
