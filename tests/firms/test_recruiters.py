from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from apps.accounts.models import User
from apps.accounts.tokens import ACCESS, issue, read
from apps.messaging.models import Message
from apps.recruiters.models import Recruiter
from tests.conftest import make_candidate, recruiter_of


def signed_in(recruiter):
    user = User.objects.get(pk=recruiter.user_id)
    return User.objects.signed_in_by(read(issue(user, ACCESS), ACCESS)) == user


def test_a_colleague_is_invited_to_set_a_password(alice):
    recruiter = Recruiter.objects.create_with_user(by=alice, email=" New@Firm.example ")
    assert recruiter.user.email == "new@firm.example"
    assert not recruiter.user.has_usable_password()
    assert Message.objects.get(kind="recruiter_welcome").address == "new@firm.example"


def test_a_root_corrects_the_email_of_an_invitation(alice):
    recruiter = Recruiter.objects.create_with_user(by=alice, email="wrnog@firm.example")
    user, earlier = recruiter.user, recruiter.user.password_resets.get()
    user.change(alice, email=" Right@Firm.example ")
    first, second = Message.objects.filter(kind="recruiter_welcome").order_by("created_at")
    assert (user.email, second.address) == ("right@firm.example", "right@firm.example")
    earlier.refresh_from_db()
    assert not earlier.link_is_live and not first.about.wants(first), "the old link ends"
    with pytest.raises(ValidationError) as refused:
        earlier.use("a-long-password-of-somebody-else")
    assert "reset_key" in refused.value.error_dict and second.about.link_is_live
    second.about.use("a-long-password-of-their-own")
    assert signed_in(recruiter)


def test_the_same_email_again_invites_nobody_anew(alice):
    recruiter = Recruiter.objects.create_with_user(by=alice, email="new@firm.example")
    recruiter.user.change(alice, email="New@firm.example", first_name="Ada")
    assert Message.objects.filter(kind="recruiter_welcome").count() == 1
    assert recruiter.user.password_resets.get().link_is_live


def test_who_has_a_password_keeps_the_email(alice, bob):
    for by in (alice, bob):
        with pytest.raises(ValidationError) as refused:
            bob.user.change(by, email="robert@firm.example")
        assert refused.value.error_dict["email"][0].code == "locked"
        bob.user.refresh_from_db()


def test_only_a_root_corrects_an_invitation(alice, bob):
    recruiter = Recruiter.objects.create_with_user(by=alice, email="new@firm.example")
    with pytest.raises(ValidationError) as refused:
        recruiter.user.change(bob, email="other@firm.example")
    assert refused.value.error_dict["email"][0].code == "locked"


def test_a_correction_takes_nobody_elses_email(alice, charlie):
    recruiter = Recruiter.objects.create_with_user(by=alice, email="new@firm.example")
    with pytest.raises(ValidationError) as refused:
        recruiter.user.change(alice, email=charlie.user.email)
    assert refused.value.error_dict["email"][0].code == "email_unavailable"
    assert Message.objects.filter(kind="recruiter_welcome").count() == 1


@pytest.mark.parametrize("whose", ["bob", "charlie"])
def test_a_taken_email_is_refused_in_the_same_words(alice, bob, charlie, whose):
    taken = {"bob": bob, "charlie": charlie}[whose].user.email.upper()
    with pytest.raises(ValidationError) as refused:
        Recruiter.objects.create_with_user(by=alice, email=taken)
    error = refused.value.error_dict["email"][0]
    assert (error.code, error.message) == ("email_unavailable", "This email can't be used.")


def test_archiving_ends_the_sessions(alice, bob):
    assert signed_in(bob)
    token = read(issue(bob.user, ACCESS), ACCESS)
    bob.archive(alice, active=False)
    assert User.objects.signed_in_by(token) is None
    bob.archive(alice, active=True)
    assert User.objects.signed_in_by(token) is None, "what ended stays ended"
    assert signed_in(bob)


def test_the_last_root_stays(alice):
    for verb in (lambda: alice.archive(alice, active=False), lambda: alice.remove(alice)):
        with pytest.raises(ValidationError) as refused:
            verb()
        assert refused.value.code == "last_root"


def test_the_candidates_pass_to_the_root_who_deletes(alice, bob, reference):
    candidate = make_candidate(bob, email="second@candidate.example")
    bob.remove(alice)
    candidate.refresh_from_db()
    reference.refresh_from_db()
    assert candidate.added_by == alice
    assert reference.requested_by == reference.reference_request.requested_by == alice
    assert not User.objects.filter(pk=bob.user_id).exists()


def test_a_root_who_leaves_hands_over_to_another(alice, firm):
    second = recruiter_of(firm, "Second", is_root=True)
    candidate = make_candidate(second)
    second.remove(second)
    candidate.refresh_from_db()
    assert candidate.added_by == alice


@pytest.mark.parametrize(("setting", "told"), [("all", 1), ("important", 0), ("none", 0)])
def test_they_are_told_what_they_want_to_know(bob, reference_request, setting, told):
    bob.notifications = setting
    bob.notify("request_filled", reference_request)
    assert Message.objects.filter(kind="request_filled").count() == told


@pytest.mark.parametrize("where", ["user", "recruiter", "firm", "deleted"])
def test_who_is_shut_out_has_no_session(bob, alice, where):
    if where == "user":
        User.objects.filter(pk=bob.user_id).update(is_active=False)
    elif where == "recruiter":
        Recruiter.objects.filter(pk=bob.pk).update(is_active=False)
    elif where == "firm":
        bob.hiring_firm.is_active = False
        bob.hiring_firm.save()
    else:
        bob.hiring_firm.remove(alice)
    assert not signed_in(bob)


def test_a_firm_can_be_restored_while_its_people_are_there(alice, reference):
    firm = alice.hiring_firm
    firm.remove(alice)
    assert Message.objects.get(kind="reference_invitation", channel="email").status == "suppressed"
    firm.restore(None)
    assert signed_in(alice)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_email_taken_by_many_at_once_is_refused_in_the_same_words(alice):
    def invite(_):
        try:
            Recruiter.objects.create_with_user(by=alice, email="new@firm.example")
        except ValidationError as error:
            return error.error_dict["email"][0].code
        finally:
            connection.close()
        return "invited"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(invite, range(8))) == ["email_unavailable"] * 7 + ["invited"]
