"""Staff by role, signed in to the admin."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from apps.accounts.models import User
from apps.messaging.models import Message
from tests.conftest import PASSWORD


def staff_of(role: str) -> User:
    user = User.objects.create_user(
        f"{role.lower()}@vitay.example",
        PASSWORD,
        first_name=role,
        last_name="Vitay",
        is_staff=True,
    )
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def administrator():
    return staff_of("Administrator")


@pytest.fixture
def support():
    return staff_of("Support")


@pytest.fixture
def finance():
    return staff_of("Finance")


@pytest.fixture
def as_administrator(administrator):
    return signed_in(administrator)


@pytest.fixture
def as_support(support):
    return signed_in(support)


@pytest.fixture
def as_finance(finance):
    return signed_in(finance)


def act(client, thing, verb: str, **data):
    """Press the button and answer the question with yes."""
    options = thing._meta
    url = f"/admin/{options.app_label}/{options.model_name}/"
    asked = {"action": verb, "_selected_action": [str(thing.pk)], "next": "/admin/"}
    question = client.post(url, asked)
    assert question.status_code == 200, question
    assert 'name="confirmed"' in question.content.decode()
    return client.post(url, asked | {"confirmed": "1"} | data, follow=True)


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def messages_about(target):
    return Message.objects.about(target)
