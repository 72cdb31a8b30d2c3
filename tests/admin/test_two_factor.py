"""The second step, with codes from a generator written from RFC 6238 and not from our library."""

import base64
import hashlib
import hmac
import re
import struct
import time
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from apps.accounts.models import User
from apps.activities.models import Activity
from apps.staff.tasks import SIGN_INS_KEPT, purge
from tests.admin.conftest import act
from tests.conftest import PASSWORD


def generate(secret: str, at: float) -> str:
    """What an authenticator app shows."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.STAFF_TWO_FACTOR = True


@pytest.fixture
def sign_in(client, administrator):
    def sign_in():
        data = {"username": administrator.email, "password": PASSWORD}
        return client.post("/admin/login/?next=/admin/candidates/candidate/", data, follow=True)

    return sign_in


def set_up(client, sign_in) -> tuple[str, list[str]]:
    page = sign_in()
    assert page.redirect_chain[-1][0].startswith("/admin/two-factor/setup/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.content.decode()).group(1)
    assert "<svg" in page.content.decode()
    page = client.post("/admin/two-factor/setup/", {"code": generate(secret, time.time())})
    codes = re.findall(r"<li><code>(\w+)</code>", page.content.decode())
    assert len(codes) == 10
    return secret, codes


def test_the_generator_agrees_with_the_rfc():
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert [generate(secret, at) for at in (59, 1111111109, 20000000000)] == [
        "287082",
        "081804",
        "353130",
    ]


def test_the_password_alone_opens_nothing(client, sign_in):
    sign_in()
    for page in ("/admin/", "/admin/candidates/candidate/", "/admin/find/?q=a", "/admin/onboard/"):
        response = client.get(page)
        assert response.status_code == 302 and "login" in response.url, page


def test_setting_up_lets_in(client, sign_in, administrator):
    set_up(client, sign_in)
    assert client.get("/admin/").status_code == 200
    assert Activity.objects.filter(key="user.two_factor_setup").exists()


def test_a_wrong_code_sets_nothing_up(client, sign_in):
    sign_in()
    page = client.post("/admin/two-factor/setup/", {"code": "000000"})
    assert "errorlist" in page.content.decode()
    assert client.get("/admin/").status_code == 302


@time_machine.travel(timezone.now(), tick=False)  # within one code's thirty seconds
def test_the_next_sign_in_asks_for_a_code(client, sign_in):
    secret, _codes = set_up(client, sign_in)
    client.post("/admin/logout/")
    page = sign_in()
    assert page.redirect_chain[-1][0].startswith("/admin/two-factor/?")
    used = client.post("/admin/two-factor/", {"code": generate(secret, time.time())})
    assert used.status_code == 200  # a code works once, also for who set it up with it
    fresh = generate(secret, time.time() + 30)
    User.objects.get(email="administrator@vitay.example").totpdevice_set.update(
        throttling_failure_count=0
    )
    entered = client.post("/admin/two-factor/", {"code": fresh, "next": "/admin/find/"})
    assert (entered.status_code, entered.headers["Location"]) == (302, "/admin/find/")
    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_works_once(client, sign_in):
    _secret, codes = set_up(client, sign_in)
    for expected in (302, 200):
        client.post("/admin/logout/")
        sign_in()
        assert client.post("/admin/two-factor/", {"code": codes[0]}).status_code == expected
    assert StaticToken.objects.count() == 9


def test_guessing_is_slowed_down(client, sign_in):
    secret, _codes = set_up(client, sign_in)
    client.post("/admin/logout/")
    sign_in()
    later = time.time() + 60
    with time_machine.travel(later, tick=False):
        client.post("/admin/two-factor/", {"code": "000000"})
        at_once = client.post("/admin/two-factor/", {"code": generate(secret, later)})
        assert at_once.status_code == 200  # even a right code has to wait now
    with time_machine.travel(later + 5, tick=False):
        waited = client.post("/admin/two-factor/", {"code": generate(secret, later + 5)})
        assert waited.status_code == 302


def test_who_has_a_device_cannot_add_another_with_the_password_alone(client, sign_in):
    set_up(client, sign_in)
    client.post("/admin/logout/")
    sign_in()
    assert client.get("/admin/two-factor/setup/").status_code == 302
    assert client.post("/admin/two-factor/codes/").status_code == 302


def test_an_administrator_resets_a_lost_phone(client, sign_in, administrator, staff, settings):
    set_up(client, sign_in)
    settings.STAFF_TWO_FACTOR = False
    other = type(client)()
    other.force_login(staff)
    act(other, administrator, "reset_two_factor")
    settings.STAFF_TWO_FACTOR = True
    assert client.get("/admin/").status_code == 302  # signed out at once
    assert sign_in().redirect_chain[-1][0].startswith("/admin/two-factor/setup/")


def test_without_the_setting_a_device_still_asks(client, sign_in, settings):
    set_up(client, sign_in)
    client.post("/admin/logout/")
    settings.STAFF_TWO_FACTOR = False
    sign_in()
    assert client.get("/admin/").status_code == 302


def test_five_wrong_passwords_lock(client, administrator):
    data = {"username": administrator.email, "password": "wrong"}
    statuses = [client.post("/admin/login/", data).status_code for _attempt in range(6)]
    assert statuses[:4] == [200] * 4 and statuses[-1] == 429
    locked = client.post("/admin/login/", data | {"password": PASSWORD})
    assert locked.status_code == 429


def test_ended_sessions_and_old_sign_ins_are_forgotten(client, sign_in):
    sign_in()
    purge()
    assert (Session.objects.count(), AccessLog.objects.count()) == (1, 1)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    AccessLog.objects.update(attempt_time=timezone.now() - timedelta(days=SIGN_INS_KEPT, hours=1))
    purge()
    assert (Session.objects.count(), AccessLog.objects.count()) == (0, 0)


def test_a_stranger_behind_the_same_proxy_locks_nobody_out(client, administrator, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    data = {"username": administrator.email, "password": "wrong"}

    def try_from(address: str, **said):
        return client.post("/admin/login/", data | said, headers={"X-Forwarded-For": address})

    for _attempt in range(6):
        locked = try_from("192.0.2.1, 203.0.113.9")  # what the caller claims, what the proxy saw
    assert locked.status_code == 429
    assert try_from("203.0.113.9, 198.51.100.7", password=PASSWORD).status_code == 302


def test_two_visits_at_once_share_a_device(client, sign_in, administrator):
    for _visit in range(2):  # both found none, both made one
        TOTPDevice.objects.create(user=administrator, name="phone", confirmed=False)
    set_up(client, sign_in)
    assert [each.confirmed for each in TOTPDevice.objects.filter(user=administrator)] == [True]


def test_sign_out_everywhere_ends_the_admin_too(client, administrator, settings):
    settings.STAFF_TWO_FACTOR = False
    client.force_login(administrator)
    assert client.get("/admin/").status_code == 200
    administrator.sign_out_everywhere(administrator)
    assert client.get("/admin/").status_code == 302
