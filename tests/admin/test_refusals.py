"""What is missing, or not for this reader, is said within the admin, with a way back."""

import pytest
from django.test import Client

WORDS = {
    (404, "en"): "This page does not exist",
    (404, "fr"): "Cette page n’existe pas",
    (403, "en"): "This page is not for you",
    (403, "fr"): "Cette page ne vous est pas ouverte",
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("status", "address"),
    [
        (404, "/admin/nothing/"),
        (404, "/admin/references/nothing/"),
        (404, "/admin/as/user/01a20b85-47a7-7704-9e79-aab20e72a7b7/"),
        (403, "/admin/billing/invoice/"),
        (403, "/admin/onboard/"),
    ],
)
def test_it_is_said_with_a_way_back(as_support, as_finance, reference, status, address, language):
    client = as_finance if address == "/admin/onboard/" else as_support
    client.cookies["django_language"] = language
    page = client.get(address)
    assert page.status_code == status
    html = page.content.decode()
    assert f"<h1>{WORDS[status, language]}</h1>" in html
    assert 'class="button" href="/admin/"' in html and 'id="user-tools"' in html


def test_a_stranger_is_asked_to_sign_in_first(db):
    for address in ("/admin/nothing/", "/admin/billing/invoice/"):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/admin/login/?next={address}"
