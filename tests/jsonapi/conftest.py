import json

import pytest

STRICT = "application/vnd.api+json"


class Caller:
    """Speaks one media type."""

    def __init__(self, client, kind):
        self.client, self.kind = client, kind

    def __call__(self, method, path, body=None, *, accept=None, content_type=None, **headers):
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        return self.client.generic(
            method,
            path,
            raw,
            content_type=content_type or self.kind,
            headers={"Accept": accept or self.kind, **headers},
        )


@pytest.fixture
def strict(as_bob):
    as_bob.raise_request_exception = False
    return Caller(as_bob, STRICT)


@pytest.fixture
def plain(as_bob):
    as_bob.raise_request_exception = False
    return Caller(as_bob, "application/json")


@pytest.fixture
def person():
    return {"first_name": "Zoé", "last_name": "Roy", "email": "zoe@new.example"}


def data(kind, attributes=None, key=None, **relationships):
    found = {"type": kind}
    if key is not None:
        found["id"] = str(key)
    if attributes is not None:
        found["attributes"] = attributes
    if relationships:
        found["relationships"] = {
            name: {"data": each and {"type": type(each)._meta.object_name, "id": str(each.pk)}}
            for name, each in relationships.items()
        }
    return {"data": found}


def pointer(response):
    return response.json()["errors"][0]["source"]["pointer"]
