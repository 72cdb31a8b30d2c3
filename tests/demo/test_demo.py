import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from apps.billing.models import Invoice
from apps.billing.tasks import draft_invoices
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.references.models import Reference, ReferenceRequest
from apps.verifications.models import Verification
from vitay.demo import tell
from vitay.guard import refuse_demo_accounts


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEBUG = True
    settings.MEDIA_ROOT = tmp_path
    tell()


def test_it_has_people_in_every_state(demo):
    states = set(Reference.objects.values_list("status", flat=True))
    assert states == set(Reference.Status.values)
    requests = set(ReferenceRequest.objects.values_list("status", flat=True))
    assert requests == set(ReferenceRequest.Status.values) - {"created"}
    verifications = set(Verification.objects.values_list("status", flat=True))
    assert {"sent", "verified", "discrepancy", "unable", "declined", "cancelled"} <= verifications


def test_one_of_each_can_be_reminded_by_hand(demo):
    for model in (ReferenceRequest, Reference, Verification):
        due = [
            target
            for target in model.objects.waiting().select_related("hiring_firm", "candidate")
            if not target.nothing_to_remind and not target.reminder_rate_exceeded
        ]
        assert due, model


def test_only_the_newest_are_written_to(demo):
    assert set(Message.objects.filter(status="queued").values_list("kind", flat=True)) == {
        "request_invitation",
        "reference_invitation",
    }


def test_one_invoice_is_paid_and_one_is_open(demo):
    found = Invoice.objects.order_by("number")
    assert [(each.number, each.status) for each in found] == [(1, "paid"), (2, "open")]
    assert all(each.is_intact and each.total for each in found)
    draft_invoices()  # the daily task bills no month twice
    assert Invoice.objects.filter(hiring_firm__name="Marchand Ouellet").count() == 2


def test_it_refuses_without_debug(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo")


def test_it_refuses_a_database_in_use(settings, firm):
    settings.DEBUG = True
    with pytest.raises(CommandError, match="firms of its own"):
        call_command("demo")
    assert HiringFirm.objects.count() == 1


def test_twice_is_once(demo, capsys):
    call_command("demo")
    assert HiringFirm.objects.count() == 2


@pytest.mark.parametrize(
    ("missing", "said"),
    [("SECRET_KEY", "Set SECRET_KEY"), ("DATABASE_URL", "Set DATABASE_URL"),
     ("PUBLIC_URL", "Set PUBLIC_URL"), ("ALLOWED_HOSTS", "Set ALLOWED_HOSTS")],
)  # fmt: skip
def test_outside_debug_what_is_missing_stops_the_start(tmp_path, missing, said):
    good = {
        "DEBUG": "0", "SECRET_KEY": "s" * 50, "LINK_KEYS": "l" * 50, "JWT_KEYS": "j" * 50,
        "PUBLIC_URL": "https://vitay.example", "ALLOWED_HOSTS": "vitay.example",
        "EMAIL_URL": "smtp://mail.example:25", "VAR_DIR": str(tmp_path), "ENV_FILE": "/dev/null",
        "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3", "PATH": os.environ["PATH"],
    }  # fmt: skip
    del good[missing]
    run = subprocess.run(
        [sys.executable, "manage.py", "check"], env=good, capture_output=True, text=True
    )
    assert run.returncode != 0
    assert said in run.stderr.strip().splitlines()[-1]


def test_outside_debug_a_demo_account_stops_the_start(demo, settings):
    refuse_demo_accounts()
    settings.DEBUG = False
    with pytest.raises(ImproperlyConfigured, match="demo's password"):
        refuse_demo_accounts()
