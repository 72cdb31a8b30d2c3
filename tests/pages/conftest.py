"""A visitor: a browser without JavaScript, without cookies, with the link from a message."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from apps.links.tokens import Purpose, sign
from apps.metadata.models import Metadatum

AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1"
OF = {
    "ReferenceRequest": Purpose.REQUEST,
    "Reference": Purpose.REFERENCE,
    "Verification": Purpose.VERIFICATION,
    "PasswordReset": Purpose.PASSWORD,
}


class Reader(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.titles, self.texts, self.forms, self.hrefs = [], [], [], []
        self._in_h1 = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self._in_h1 = tag == "h1" or (self._in_h1 and tag != "p")
        if tag == "a":
            self.hrefs.append(attrs.get("href"))
        if tag == "form":
            self.forms.append(attrs)

    def handle_endtag(self, tag):
        if tag == "h1":
            self._in_h1 = False

    def handle_data(self, data):
        self.texts.append(data)
        if self._in_h1:
            self.titles.append(data)


class Visitor:
    def __init__(self, target):
        self.link = f"/r/{sign(OF[type(target).__name__], target)}"
        self.client = Client(enforce_csrf_checks=True, HTTP_USER_AGENT=AGENT)

    def get(self, step="", **kwargs):
        return self._landed(self.client.get(self.link + step, follow=True, **kwargs))

    def post(self, step="", data=None, **kwargs):
        return self._landed(self.client.post(self.link + step, data or {}, follow=True, **kwargs))

    def _landed(self, response):
        read = Reader(response.content.decode())
        response.title = " ".join("".join(read.titles).split())
        response.words = " ".join(" ".join(read.texts).split())
        response.hrefs = read.hrefs
        last = response.redirect_chain[-1][0] if response.redirect_chain else None
        response.at = (last or response.request["PATH_INFO"]).replace(self.link, "")
        return response


@pytest.fixture
def visit():
    return Visitor


@pytest.fixture
def named():
    """What a candidate types to name somebody."""
    return {
        "first_name": "Étienne",
        "last_name": "Gauvreau",
        "relationship": "manager",
        "company_name": "Atelier Nord",
        "started_on": "2019-03-01",
        "ended_on": "2023-06-30",
        "email": "Etienne@Reference.example",
        "country": "CA",
        "phone": "514 555-0134",
        "contact": "both",
        "language": "fr",
        "told": "on",
    }


@pytest.fixture
def agreed(reference_request):
    reference_request.consent(language="en", ip_address=None)
    return reference_request


def answers_on_pages(visitor, questions):
    """Every question answered, page by page."""
    for number, question in enumerate(questions, 1):
        given = {
            "scale": "4",
            "text": "Calm, exact, generous.",
            "choice": question["choices"][:1],
            "multiple_choice": question["choices"][:2],
            "boolean": "true",
            "date": "2019-05-01",
        }[question["type"]]
        response = visitor.post(f"/q/{number}", {"answer": given, "go": "on"})
        assert not re.search(r'class="error"', response.content.decode()), response.words
    return response


def metadata_of(target):
    return Metadatum.objects.filter(identifiable_id=target.pk)
