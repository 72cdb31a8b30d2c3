"""A day of staff in a real browser: what they are asked for, done by clicking."""

import re
import time

import pytest

from apps.accounts.models import User
from apps.billing.models import Invoice
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.references.models import ReferenceRequest
from tests.admin.conftest import staff_of
from tests.admin.test_two_factor import generate
from tests.browser.conftest import DESK, PHONE
from tests.conftest import PASSWORD, fill


@pytest.fixture
def administrator():
    return staff_of("Administrator")


@pytest.fixture
def desk(open_browser, administrator):
    """Signed in at a desk; whatever the browser complains of is a fault."""
    page = open_browser(viewport=DESK, accept_downloads=True)
    page.complaints = []
    page.on(
        "console",
        lambda said: page.complaints.append(said.text) if said.type == "error" else None,
    )
    sign_in(page, administrator)
    yield page
    assert page.complaints == []


def sign_in(page, user):
    page.goto("/admin")
    page.fill("#id_username", user.email)
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")


def test_onboard_a_firm(desk):
    desk.click("text=Onboard a firm")
    desk.fill("#id_name", "Atelier Nord")
    desk.fill("#id_first_name", "Maya")
    desk.fill("#id_last_name", "Cyr")
    desk.fill("#id_email", "maya@atelier.example")
    desk.click("text=Onboard the firm")
    assert "is on its way" in desk.inner_text(".messagelist")
    assert "maya@atelier.example" in desk.inner_text("#recruiters-group")
    assert HiringFirm.objects.filter(name="Atelier Nord").exists()
    desk.fill("#id_retention_months", "12")
    desk.click("text=Save and continue editing")
    assert HiringFirm.objects.get(name="Atelier Nord").retention_months == 12


def test_find_a_candidate_and_extend_the_request(desk, reference_request):
    before = reference_request.expires_at
    desk.fill("#find input", "camille@candidate.example")
    desk.press("#find input", "Enter")
    desk.click("text=Camille Desrosiers")
    assert "Candidate: invitation" in desk.inner_text(".timeline")
    desk.click("#reference_requests-group a")
    desk.click("button:has-text('Extend')")
    desk.fill("#id_days", "14")
    desk.click("input[type=submit][value='Yes: Extend']")
    assert "1 done" in desk.inner_text(".messagelist")
    after = ReferenceRequest.objects.get(pk=reference_request.pk).expires_at
    assert (after - before).days == 14


def test_why_a_message_did_not_arrive_and_resend_it(desk, reference):
    for message in Message.objects.about(reference):
        message.receipt("sent")
        message.receipt("failed" if message.channel == "sms" else "bounced", "550")
    desk.goto("/admin/")
    desk.click("text=could not be reached")
    desk.click("#result_list a:has-text('Gauvreau')")
    desk.click(".timeline tr:has(.badge:has-text('Bounced')) a")
    assert "the address may be wrong" in desk.inner_text("#content")
    desk.click("text=Preview")
    assert "Camille" in desk.frame_locator("iframe").locator("body").inner_text()
    desk.go_back()
    desk.click("button:has-text('Send again')")
    desk.click("input[type=submit][value='Yes: Send again']")
    assert "1 done" in desk.inner_text(".messagelist")
    assert Message.objects.about(reference).filter(ordinal=2, channel="email").exists()


@pytest.mark.pdf
def test_preview_and_download_a_report(desk, reference):
    fill(reference)
    desk.goto(f"/admin/candidates/candidate/{reference.candidate_id}/change/")
    desk.click("text=Preview the report")
    assert "/pdf/" in desk.get_attribute("iframe", "src")
    with desk.expect_download(timeout=60_000) as download:  # the frame renders it first
        desk.click("text=Download", no_wait_after=True)
    with open(download.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"


def test_see_as_the_reference(desk, reference):
    desk.goto(f"/admin/references/reference/{reference.pk}/change/")
    desk.click("text=See as the reference")
    inner = desk.frame_locator("iframe").locator("body").inner_text()
    assert "Camille" in inner
    reference.refresh_from_db()
    assert reference.opened_at is None
    desk.complaints.clear()  # the frame may run nothing, and says so


def test_settle_an_invoice(desk, firm):
    invoice = Invoice.objects.create(
        hiring_firm=firm, period_start="2026-10-01", period_end="2026-10-31"
    )
    invoice.lines.create(
        description="Checks", description_fr="Vérifications", quantity=2, unit_price=4500,
        amount=9000,
    )  # fmt: skip
    desk.goto("/admin/")
    desk.click("text=invoice waits to be opened")
    desk.click("#result_list tbody tr a")
    desk.click("button:has-text('Open')")
    desk.click("input[type=submit][value='Yes: Open']")
    assert "V-000001" in desk.inner_text("#content")
    desk.click("button:has-text('Mark as paid')")
    desk.click("input[type=submit][value='Yes: Mark as paid']")
    assert Invoice.objects.get().status == "paid"


def test_export_a_list(desk, reference):
    desk.goto("/admin/references/reference/")
    desk.check("#action-toggle")
    desk.select_option("select[name=action]", "export_csv")
    with desk.expect_download() as download:
        desk.click("button[name=index]")
    with open(download.value.path(), encoding="utf-8") as file:
        assert "etienne@reference.example" in file.read()


def test_the_second_step(open_browser, administrator, settings):
    settings.STAFF_TWO_FACTOR = True
    page = open_browser(viewport=PHONE)
    sign_in(page, administrator)
    secret = re.search(r"[A-Z2-7]{32}", page.inner_text("#content")).group()
    assert page.locator(".qr svg").bounding_box()["width"] > 150
    page.fill("#id_code", generate(secret, time.time()))
    page.click("input[type=submit]")
    assert page.locator(".codes li").count() == 10
    page.click("text=I have kept them")
    assert page.inner_text("h1") == "Today"


def test_in_french_on_a_phone(open_browser, reference):
    page = open_browser(viewport=PHONE)
    sign_in(page, User.objects.filter(is_staff=True).first() or staff_of("Administrator"))
    page.click("text=Français")
    assert page.inner_text("h1") == "Aujourd’hui"
    for path in ("/admin/", "/admin/references/reference/", "/admin/messaging/message/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
