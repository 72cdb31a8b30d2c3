"""One whole reference check against a running server, over HTTP, as the people in it."""

import time
from urllib.parse import urljoin
from xml.etree import ElementTree

import requests
import tinyhtml5

TIMEOUT = 30
XHTML = "{http://www.w3.org/1999/xhtml}"


class Stuck(Exception):
    """The play can't go on; the words say where."""


class API:
    """The recruiter, in an ATS: documented calls with a Bearer token."""

    def __init__(self, url: str, email: str, password: str):
        self.url, self.session = url, requests.Session()
        signed_in = self.call("POST", "v3/oauth/login", {"email": email, "password": password})
        self.session.headers["Authorization"] = f"Bearer {signed_in['attributes']['token']}"

    def call(self, method: str, path: str, body=None, **params) -> dict:
        response = self.session.request(
            method, f"{self.url}/api/{path}", json=body, params=params, timeout=TIMEOUT
        )
        if not response.ok:
            raise Stuck(f"{method} {path}: {response.status_code} {response.text[:300]}")
        return response.json()["data"]

    def create(self, path: str, attributes: dict, **relationships) -> dict:
        named = {name: {"type": kind, "id": pk} for name, (kind, pk) in relationships.items()}
        return self.call("POST", path, {"data": {"attributes": attributes, "relationships": named}})

    def pdf(self, candidate_id: str) -> bytes:
        """The report; while the renderer is busy it says when to come back."""
        for _attempt in range(10):
            response = self.session.get(
                f"{self.url}/api/documents",
                params={"type": "candidates", "id": candidate_id},
                timeout=120,
            )
            if response.status_code != 503:
                break
            time.sleep(int(response.headers.get("Retry-After", 2)))
        if response.headers.get("Content-Type") != "application/pdf":
            raise Stuck(f"documents: {response.status_code} {response.text[:300]}")
        return response.content


class Mailbox:
    """Everything the service sent, as the people would find it."""

    def __init__(self, url: str):
        self.url = url

    def link_to(self, address: str, seconds: int = 90) -> str:
        """The first link of the newest email to an address, as soon as it is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            response = requests.get(f"{self.url}/dev/mailbox.json", timeout=TIMEOUT)
            if not response.ok:
                raise Stuck("There is no mailbox: the server sends for real, or DEBUG is off.")
            for message in response.json():
                if message["to"] == address and message["links"]:
                    return next(link for link in message["links"] if "/r/" in link)
            time.sleep(0.5)
        raise Stuck(f"No email to {address} within {seconds} seconds: does the worker run?")


class Browser:
    """A phone without JavaScript: follows links, fills forms, presses the one primary button."""

    def __init__(self, link: str, persona):
        self.session, self.persona = requests.Session(), persona
        self.session.headers["User-Agent"] = (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
        )
        self.open(link)

    def open(self, url: str) -> None:
        self._show(self.session.get(url, timeout=TIMEOUT))

    def _show(self, response) -> None:
        self.url = response.url
        self.page = tinyhtml5.parse(response.text)
        if not response.ok:
            errors = [_text(each) for each in self.page.iter() if each.get("class") == "errors"]
            raise Stuck(f"{response.status_code} at “{self.title}” {' '.join(errors)}")

    @property
    def title(self) -> str:
        return next((_text(each) for each in self.page.iter(f"{XHTML}h1")), "")

    def press(self) -> bool:
        """Press the primary button or link; False where the page has none."""
        for form in self.page.iter(f"{XHTML}form"):
            for button in form.iter(f"{XHTML}button"):
                if "primary" in (button.get("class") or "").split():
                    self._submit(form, button)
                    return True
        for link in self.page.iter(f"{XHTML}a"):
            if "primary" in (link.get("class") or "").split():
                self.open(urljoin(self.url, link.get("href")))
                return True
        return False

    def _submit(self, form: ElementTree.Element, button: ElementTree.Element) -> None:
        data = [(name, value) for name, value in self._filled(form) if value is not None]
        if button.get("name"):
            data.append((button.get("name"), button.get("value") or ""))
        target = urljoin(self.url, form.get("action") or self.url)
        headers = {"Referer": self.url, "Origin": "/".join(self.url.split("/")[:3])}
        send = self.session.post if form.get("method") == "post" else self.session.get
        self._show(send(target, data=data, headers=headers, timeout=TIMEOUT))

    def _filled(self, form):
        groups: dict[str, list] = {}
        for field in form.iter():
            kind, name = (field.get("type") or "").lower(), field.get("name")
            if not name or field.tag == f"{XHTML}button":
                continue
            if kind in ("radio", "checkbox"):
                groups.setdefault(name, []).append(field)
            elif kind == "hidden":
                yield name, field.get("value") or ""
            elif field.tag == f"{XHTML}select":
                options = [option.get("value") for option in field.iter(f"{XHTML}option")]
                yield name, self.persona(name, "select", options)
            elif field.tag in (f"{XHTML}input", f"{XHTML}textarea"):
                given = field.get("value") or _text(field)
                yield name, given or self.persona(name, kind or "text", [])
        for name, fields in groups.items():
            options = [field.get("value") or "on" for field in fields]
            chosen = [field.get("value") for field in fields if field.get("checked") is not None]
            yield name, chosen[0] if chosen else self.persona(name, fields[0].get("type"), options)


def _text(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())
