"""What integrations send in earnest: streams, slashes, flags in their own spelling."""

import json
from io import BytesIO

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.activities.models import Activity
from apps.answers.models import Answer
from apps.candidates.models import Candidate, Experience
from apps.jsonapi.parsers import MAX_BYTES
from apps.links.tokens import Purpose, sign
from tests.conftest import answers_to, fill, make_candidate
from tests.jsonapi.conftest import data

LIST = "/api/v3/candidates"


@pytest.mark.parametrize("method", ["get", "post", "patch", "put", "delete"])
@pytest.mark.parametrize(
    "path", ["v1/nothing", "v1/nothing/", f"v1/activities/{'0' * 32}/relationships/owner"]
)
def test_what_is_no_operation_is_the_same_404_for_every_method(path, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(f"/api/{path}")
    assert response.status_code == 404
    assert response.json()["errors"][0]["code"] == "not_found"


def test_a_slash_at_the_end_is_overlooked(as_bob, candidate, person):
    as_bob.handler.enforce_csrf_checks = True
    body = data("Candidate", person)
    assert as_bob.post(f"{LIST}/", body, format="json").status_code == 200
    assert as_bob.get(f"{LIST}/{candidate.pk}/").json()["data"]["id"] == str(candidate.pk)


def streamed(caller, path, body: bytes, **headers):
    """A body without a length, as a server hands it on."""
    server = {"wsgi.input": BytesIO(body), "wsgi.input_terminated": True}
    return caller.client.generic(
        "POST",
        path,
        headers={"Transfer-Encoding": "chunked", "Content-Type": "application/json", **headers},
        **server,
    )


def test_a_body_in_chunks(plain, person):
    body = json.dumps(data("Candidate", person)).encode()
    assert streamed(plain, LIST, body).status_code == 200
    first, again = (streamed(plain, LIST, body, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json()["data"]["id"] == again.json()["data"]["id"]
    other = streamed(plain, LIST, body.replace(b"Roy", b"Roi"), **{"Idempotency-Key": "k"})
    assert other.status_code == 422
    assert Candidate.objects.count() == 2


def test_chunks_of_a_body_that_is_too_large(plain):
    for key in ({}, {"Idempotency-Key": "k"}):
        for size in (MAX_BYTES + 1, 4 * MAX_BYTES):
            assert streamed(plain, LIST, b" " * size, **key).status_code == 413


class Garbled(BytesIO):
    """A stream that says, as gunicorn's does, that its chunks are none."""

    def read(self, size=-1):
        raise ValueError("Invalid chunk size: b'zz'")


def test_chunks_that_are_none(plain):
    response = plain.client.generic(
        "POST",
        LIST,
        headers={"Transfer-Encoding": "chunked", "Content-Type": "application/json"},
        **{"wsgi.input": Garbled(), "wsgi.input_terminated": True},
    )
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "bad_request"


def test_more_than_a_page_holds(strict, plain, candidate):
    refused = strict("GET", f"{LIST}?page[page_size]=101")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["source"] == {"parameter": "page[page_size]"}
    given = plain("GET", f"{LIST}?page[page_size]=500").json()
    assert given["pagination"]["page_size"] == 100 and len(given["data"]) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("v2/references?filter[filled]=1", 0),
        ("v2/references?filter[filled]=0", 1),
        ("v2/references?filter[is_pending]=false", 1),
        ("v2/references?filter[status]=sent,filled", 1),
        ("v2/references?filter[status]=filled", 0),
        ("v3/candidates?filter[filled]=true", 0),
        ("v3/candidates?filter[filled]=false", 1),
        ("v1/users?filter[email]=BOB@marchand.example", 1),
        ("v1/users?filter[email]=alice@marchand.example", 0),
    ],
)
def test_filters(plain, reference, query, found):
    assert len(plain("GET", f"/api/{query}").json()["data"]) == found


@pytest.mark.parametrize("value", ["yes", "maybe", "2", ""])
@pytest.mark.parametrize(
    "name",
    ["v2/references?filter[filled]", "v1/question_sets?filter[library]",
     "v2/recruiters?filter[is_root]", "v2/references?filter[status]"],
)  # fmt: skip
def test_a_filter_without_sense_is_400(plain, strict, name, value):
    for caller in (plain, strict):
        assert caller("GET", f"/api/{name}={value}").status_code == 400


def test_messages_and_metadata_of_somebody(plain, reference, candidate, bob):
    other = make_candidate(bob)
    body = data("Metadatum", identifiable=candidate)
    assert plain("POST", "/api/v3/metadata", body).status_code == 200
    for path in ("v1/messages?filter[candidate]", "v3/metadata?filter[identifiable]"):
        assert plain("GET", f"/api/{path}={candidate.pk}").json()["data"]
        assert not plain("GET", f"/api/{path}={other.pk}").json()["data"]


def test_answers_come_in_the_order_of_the_interview(plain, reference):
    fill(reference)
    found = plain("GET", "/api/v1/answers?page[size]=100").json()["data"]
    places = [each["attributes"]["position"] for each in found]
    assert len(places) > 2 and places == sorted(places)


def test_a_whole_resource_sent_back_changes_what_may_be_written(strict, reference_request):
    """As Ember Data does: read-only linkage may come back as it is, and only so."""
    path = f"/api/v1/reference_requests/{reference_request.pk}"
    whole = strict("GET", path).json()["data"]
    whole["attributes"]["notes"] = "again"
    response = strict("PATCH", path, {"data": whole})
    assert response.status_code == 200, response.content
    assert response.json()["data"]["attributes"]["notes"] == "again"
    assert "candidate" in response.headers["Vitay-Ignored"]
    whole["relationships"]["candidate"]["data"] = None
    assert strict("PATCH", path, {"data": whole}).status_code == 403


def test_no_linkage_where_there_can_be_none_yet(strict, person):
    nothing = {"references": {"data": []}, "metadatum": {"data": None}}
    body = data("Candidate", person)
    body["data"]["relationships"] = nothing
    assert strict("POST", LIST, body).status_code == 201


def test_a_relationship_is_no_attribute(strict, person):
    response = strict("POST", LIST, data("Candidate", {**person, "references": []}))
    assert response.status_code == 422
    assert response.json()["errors"][0]["source"]["pointer"] == "/data/attributes/references"


@pytest.mark.parametrize("path", ["", "?include=references", "/{key}", "/{key}/references"])
def test_head_tells_what_get_would(strict, candidate, path):
    path = LIST + path.format(key=candidate.pk)
    read, asked = strict("GET", path), strict("HEAD", path)
    for name in ("ETag", "Content-Length", "Content-Type", "Vary"):
        assert asked.headers[name] == read.headers[name]
    assert asked.status_code == 200 and asked.content == b""
    for tag in (read.headers["ETag"], f'"other", W/{read.headers["ETag"]}', "*"):
        again = strict("HEAD", path, **{"If-None-Match": tag})
        assert again.status_code == 304 and again.headers["ETag"] == read.headers["ETag"]
    assert strict("HEAD", path, **{"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_if_match(strict, plain, candidate, method):
    path = f"{LIST}/{candidate.pk}"
    for caller in (strict, plain):
        body = data("Candidate", {"notes": caller.kind}, candidate.pk)
        assert caller(method, path, body, **{"If-Match": '"bogus"'}).status_code == 412
    read = plain("GET", path).headers["ETag"]
    body = data("Candidate", {"notes": "x"}, candidate.pk) if method == "PATCH" else None
    assert plain(method, path, body, **{"If-Match": f'"other", {read}'}).status_code == 200
    gone = method == "DELETE"
    again = plain(method, path, body, **{"If-Match": read})
    assert again.status_code == (404 if gone else 412)
    if not gone:
        assert plain(method, path, body, **{"If-Match": "*"}).status_code == 200


def test_metadata_in_the_shape_of_its_answer(plain, strict, candidate):
    linkage = {"type": "Candidate", "id": str(candidate.pk)}
    body = {"data": {"attributes": {"identifiable": linkage}}}
    assert plain("POST", "/api/v3/metadata", body).status_code == 200
    body["data"]["attributes"]["identifiable"] = {"type": "Candidate", "id": "nobody"}
    wrong = plain("POST", "/api/v3/metadata", body)
    assert wrong.status_code == 404
    assert wrong.json()["errors"][0]["source"]["pointer"] == "/data/attributes/identifiable"


def test_what_a_rule_forbids_is_said_in_words_and_of_a_field(plain, reference_request):
    path = f"/api/v1/reference_requests/{reference_request.pk}"
    wrong = plain("PATCH", path, data("ReferenceRequest", {"min_manager_references": 5}))
    assert wrong.status_code == 422
    found = wrong.json()["errors"][0]
    assert found["source"]["pointer"] == "/data/attributes/min_manager_references"
    assert "onstraint" not in found["detail"]
    linked = {name: getattr(reference_request, name) for name in ("candidate", "question_set")}
    [second] = plain(
        "POST", "/api/v1/reference_requests", data("ReferenceRequest", {}, **linked)
    ).json()["errors"]
    assert second["code"] == "request_open" and "onstraint" not in second["detail"]
    assert second["source"]["pointer"] == "/data/relationships/question_set"


def test_answers_by_a_link_in_the_header_name_nobody(reference):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Link {sign(Purpose.REFERENCE, reference)}")
    answers = [float(each) if each == "4" else each for each in answers_to(reference.questions)]
    body = {"data": {"attributes": {"answers": answers}}}
    response = client.post("/api/v1/public/references", body, format="json")
    assert response.status_code == 200, response.content
    assert response.json()["data"]["attributes"]["filled"]
    assert set(Answer.objects.exclude(scale=None).values_list("value", flat=True)) == {"4"}


def test_linkage_by_itself_in_either_shape(plain, strict, reference_request):
    path = f"{LIST}/{reference_request.candidate_id}/relationships/reference_requests"
    [bare], [wrapped] = (caller("GET", path).json()["data"] for caller in (plain, strict))
    assert bare == {"type": "ReferenceRequest", "id": str(reference_request.pk), "filled": False}
    assert wrapped["meta"] == {"filled": False}


def test_a_finding_that_does_not_fit_is_pointed_at(plain, strict, candidate, bob):
    profile = candidate.profile
    lines = Experience(profile=profile).write(bob, company_name="ACME", job_title="Welder")
    linked = {"claim": {"data": {"type": "Experience", "id": str(lines.pk)}}}
    body = data("Verification", {"first_name": "A", "last_name": "B", "email": "v@v.example"})
    body["data"]["relationships"] = linked
    asked = strict("POST", "/api/v1/verifications", body)
    [again] = strict("POST", "/api/v1/verifications", body).json()["errors"]
    assert again["code"] == "verification_open" and "onstraint" not in again["detail"]
    key = asked.json()["data"]["id"]
    said = {"company_name": "confirmed", "job_title": {"finding": "corrected", "value": ""}}
    for caller in (plain, strict):
        body = data("Verification", {"findings": said}, key)
        [wrong] = caller("POST", f"/api/v1/verifications/{key}/conclude", body).json()["errors"]
        assert wrong["source"]["pointer"] == "/data/attributes/findings/job_title"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_nobody_worked_in_another_age(plain, candidate, day):
    job = {"company_name": "ACME", "job_title": "Welder", "started_on": day}
    body = data("Experience", job, profile=candidate.profile)
    [wrong] = plain("POST", "/api/v1/experiences", body).json()["errors"]
    assert wrong["source"]["pointer"] == "/data/attributes/started_on"


def test_where_there_is_nobody_type_and_id_are_null(plain, reference):
    Activity.objects.update(owner_type="", owner_id=None)
    for each in plain("GET", "/api/activities").json()["data"]:
        for name in ("owner", "recipient"):
            kind, key = (each["attributes"][f"{name}_{of}"] for of in ("type", "id"))
            assert (kind is None) == (key is None) and kind != ""
