"""Five wrong passwords lock the admin's door; an administrator opens it again."""

import pytest
from axes.models import AccessAttempt, AccessLog
from django.test import Client

from tests.admin.conftest import act, said
from tests.conftest import PASSWORD


def sign_in(user, password):
    return Client().post("/admin/login/", {"username": user.email, "password": password})


@pytest.fixture
def locked(support):
    for _again in range(5):
        sign_in(support, "wrong")
    assert sign_in(support, PASSWORD).status_code == 429
    return support


def test_it_is_unlocked(as_administrator, locked):
    attempt = AccessAttempt.objects.get(username=locked.email)
    page = as_administrator.get("/admin/axes/accessattempt/", {"q": locked.email})
    assert page.context["cl"].result_count == 1
    assert "Unlock: 1 done" in said(act(as_administrator, attempt, "unlock"))
    assert sign_in(locked, PASSWORD).status_code == 302


def test_what_happened_is_not_rewritten(as_administrator, locked):
    attempt = AccessAttempt.objects.get(username=locked.email)
    sign_in(locked, "wrong")
    page = f"/admin/axes/accessattempt/{attempt.pk}/"
    assert as_administrator.get(f"{page}delete/").status_code == 403
    assert as_administrator.post(f"{page}change/", {"username": "other"}).status_code == 403
    log = AccessLog.objects.first()
    assert as_administrator.post(f"/admin/axes/accesslog/{log.pk}/delete/").status_code == 403


def test_support_does_not_see_who_signed_in(as_support):
    for page in ("accessattempt", "accesslog"):
        assert as_support.get(f"/admin/axes/{page}/").status_code == 403
