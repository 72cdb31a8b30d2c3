"""Every page of the admin, on the demo's firms: axe finds nothing, nothing runs off a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.urls import reverse

from apps.billing.models import Invoice
from apps.candidates.models import Candidate
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.references.models import Reference, ReferenceRequest
from apps.staff.model_admin import StaffAdmin
from apps.verifications.models import Verification
from tests.admin.conftest import staff_of
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_pages import OPTIONS, shoot
from tests.browser.test_staff import sign_in
from vitay.demo import tell

ROWS = 15  # of a list: axe takes a second for every ten, and the others are built alike
# What a wide dark screen may change; the rest was asked of the phone.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@pytest.fixture
def demo(settings, tmp_path, live_server, monkeypatch):
    settings.MEDIA_ROOT, settings.PUBLIC_URL = tmp_path, live_server.url
    monkeypatch.setattr(StaffAdmin, "list_per_page", ROWS)
    tell()
    invoice = Invoice.objects.create(
        hiring_firm=HiringFirm.objects.first(), period_start="2020-01-01", period_end="2020-01-31"
    )
    invoice.lines.create(
        description="Checks", description_fr="Vérifications", quantity=2, unit_price=4500,
        amount=9000,
    )  # fmt: skip


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def lists():
    for model in admin.site._registry:
        name = model._meta.model_name
        yield f"{name}-list", url(model, "changelist"), None
        row = model._default_manager.order_by("-pk").first()
        if row is not None:
            yield f"{name}-page", url(model, "change", row.pk), None


def journeys():
    filled = Reference.objects.filter(status="filled").first()
    asked = Reference.objects.filter(status="opened").first()
    bounced = Message.objects.filter(status="bounced", channel="email").first()
    waiting = ReferenceRequest.objects.waiting().first()
    text = Message.objects.filter(channel="sms").first()
    people = url(Reference, "changelist")
    yield "today", "/admin/", None
    yield "find-nothing-asked", "/admin/find/", None
    yield "find-nothing-found", "/admin/find/?q=zzzz", None
    yield "find", "/admin/find/?q=demo.example", None
    yield "find-id", f"/admin/find/?q={filled.pk}", None
    yield "list-empty", f"{people}?q=zzzz", None
    yield "list-narrowed", f"{people}?status__exact=filled&created_at__year=2026", None
    yield "list-chosen", people, lambda page: page.check("#action-toggle")
    yield "reference-filled", url(Reference, "change", filled.pk), None
    yield "reference-shown", url(Reference, "change", asked.pk), press("show_personal")
    yield "reference-wrong", url(Reference, "change", asked.pk), save_without_a_name
    yield "message-bounced", url(Message, "change", bounced.pk), None
    yield "confirm", url(Reference, "change", asked.pk), verb("cancel")
    yield "confirm-form", url(ReferenceRequest, "change", waiting.pk), verb("extend")
    yield "confirm-form-wrong", url(ReferenceRequest, "change", waiting.pk), extend_too_long
    yield "confirm-erase", url(Candidate, "change", filled.candidate_id), verb("erase")
    yield "message-email", f"/admin/messaging/message/{bounced.pk}/preview/", None
    yield "message-text", f"/admin/messaging/message/{text.pk}/preview/", None
    yield "messages", "/admin/messaging/message/templates/?kind=reference_invitation", None
    yield "as-reference", f"/admin/as/reference/{asked.pk}/", None
    yield "as-candidate", f"/admin/as/request/{waiting.pk}/", None
    verifier = Verification.objects.waiting().first()
    yield "as-verifier", f"/admin/as/verification/{verifier.pk}/", None
    yield "kept", f"/admin/kept/{filled.candidate_id}/", None
    yield "onboard", "/admin/onboard/", None
    yield "onboard-wrong", "/admin/onboard/", lambda page: page.click(".submit-row input")
    yield "colleague", "/admin/accounts/user/add/", None
    yield "history", url(Reference, "history", asked.pk), None
    yield "password", "/admin/password_change/", None
    yield "second-step", "/admin/two-factor/setup/", None
    yield "not-there", "/admin/nothing/", None


def press(name):
    def act(page):
        if page.locator(f"button[name={name}]").count():  # not pressed before
            page.click(f"button[name={name}]")

    return act


def verb(name):
    return lambda page: page.click(f".object-tools form:has([value={name}]) button")


def extend_too_long(page):
    verb("extend")(page)
    page.fill("#id_days", "900")
    page.locator("form.confirm").evaluate("form => { form.noValidate = true; }")
    page.click("form.confirm input[type=submit]")


def save_without_a_name(page):
    page.fill("#id_first_name", "")
    page.click("input[name=_save]")


def signed_out():
    yield "login", "/admin/login/", None
    yield "login-wrong", "/admin/login/", fail_to_sign_in


def fail_to_sign_in(page):
    page.fill("#id_username", "nobody@vitay.example")
    page.fill("#id_password", "wrong")
    page.click("input[type=submit]")


def problems_of(page):
    found = []
    for view, scheme, options in ((PHONE, "light", OPTIONS), (DESK, "dark", COLOURS)):
        page.set_viewport_size(view)
        page.emulate_media(color_scheme=scheme)
        for each in Axe().run(page, options=options).response["violations"]:
            found += [f"{scheme} {each['id']}: {node['html'][:200]}" for node in each["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"runs off a screen of {view['width']} px")
    if page.locator("h1").count() != 1:
        found.append("has not one heading")
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_is_open_to_everybody(open_browser, demo, language):
    page = open_browser(locale=f"{language}-CA")
    complaints, found = [], {}
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)

    def look(pages):
        for name, address, act in pages:
            page.set_viewport_size(PHONE)
            page.emulate_media(color_scheme="light")
            complaints.clear()
            page.goto(address)
            if act:
                act(page)
            # A frame may run nothing, and says so; a missing page is what was asked for.
            said = [c for c in complaints if "sandbox" not in c and "status of 4" not in c]
            shoot(page, f"{name}-{language}")
            if problems := said + problems_of(page):  # axe's own styles are complained of, too
                found[name] = problems

    look(signed_out())
    sign_in(page, staff_of("Administrator"))
    look(journeys())
    look(lists())
    assert not found, "\n".join(
        f"{name}: {problem}" for name, problems in found.items() for problem in problems
    )
