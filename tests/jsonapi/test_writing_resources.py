"""Creating, updating, deleting; what a wrong document gets."""

import json

import pytest

from apps.candidates.models import Candidate
from tests.conftest import make_candidate
from tests.jsonapi.conftest import STRICT, data, pointer

LIST = "/api/v3/candidates"


def test_create_is_201_with_location(strict, person):
    response = strict("POST", LIST, data("Candidate", person))
    found = response.json()["data"]
    assert response.status_code == 201
    assert response.headers["Location"] == found["links"]["self"]
    assert strict("GET", response.headers["Location"]).json()["data"]["id"] == found["id"]


def test_create_in_the_documented_shape_is_200(plain, person):
    response = plain("POST", LIST, {"data": {"attributes": person}})
    assert response.status_code == 200 and "Location" not in response.headers


def test_a_client_id_is_403_in_strict_and_ignored_otherwise(strict, plain, person):
    mine = "01a20a3f-74d0-748b-b6cd-7171ff8ea956"
    assert strict("POST", LIST, data("Candidate", person, mine)).status_code == 403
    response = plain("POST", LIST, data("Candidate", person, mine))
    assert response.status_code == 200 and response.json()["data"]["id"] != mine


def test_the_wrong_type_is_409(strict, plain, person):
    for caller in (strict, plain):
        response = caller("POST", LIST, data("Recruiter", person))
        assert response.status_code == 409 and pointer(response) == "/data/type"


def test_update_is_200_and_keeps_what_is_not_named(strict, candidate):
    path = f"{LIST}/{candidate.pk}"
    response = strict("PATCH", path, data("Candidate", {"notes": "x"}, candidate.pk))
    assert response.status_code == 200
    assert response.json()["data"]["attributes"]["first_name"] == "Camille"
    assert response.json()["data"]["attributes"]["notes"] == "x"
    changed = response.json()["data"]["attributes"]["updated_at"]
    assert changed > candidate.updated_at.isoformat()  # what it changed by itself is told
    assert response.json()["data"] == strict("GET", path).json()["data"]


def test_an_update_names_its_id(strict, plain, candidate, bob):
    path, other = f"{LIST}/{candidate.pk}", make_candidate(bob)
    assert strict("PATCH", path, data("Candidate", {"notes": "x"})).status_code == 400
    assert strict("PATCH", path, {"data": {"id": str(candidate.pk)}}).status_code == 400
    assert plain("PATCH", path, data("Candidate", {"notes": "x"})).status_code == 200
    for caller in (strict, plain):
        response = caller("PATCH", path, data("Candidate", {"notes": "x"}, other.pk))
        assert response.status_code == 409 and pointer(response) == "/data/id"
        response = caller("PATCH", path, data("Recruiter", {"notes": "x"}, candidate.pk))
        assert response.status_code == 409 and pointer(response) == "/data/type"


def test_delete(strict, plain, bob):
    one, two = make_candidate(bob), make_candidate(bob)
    response = strict("DELETE", f"{LIST}/{one.pk}")
    assert response.status_code == 204 and response.content == b""
    response = plain("DELETE", f"{LIST}/{two.pk}")
    assert response.status_code == 200 and response.json()["data"]["id"] == str(two.pk)
    for key in (one.pk, two.pk):
        assert strict("GET", f"{LIST}/{key}").status_code == 404
        assert strict("DELETE", f"{LIST}/{key}").status_code == 404
    assert not Candidate.objects.exists()


def test_a_delete_may_name_what_it_means(plain, candidate, bob):
    path, other = f"{LIST}/{candidate.pk}", make_candidate(bob)
    wrong = plain("DELETE", path, data("Candidate", key=other.pk))
    assert wrong.status_code == 409
    assert plain("DELETE", path, data("Candidate", key=candidate.pk)).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_relationships_cannot_be_written_by_themselves(strict, candidate, method):
    path = f"{LIST}/{candidate.pk}/relationships/references"
    assert strict(method, path, {"data": []}).status_code == 403
    assert strict(method, path, {"data": [1]}).status_code == 400
    assert strict(method, path, {"data": "x"}).status_code == 400


def test_what_is_not_supported_is_403_in_strict_and_405_otherwise(strict, plain):
    assert strict("POST", "/api/activities", {}).status_code == 403
    response = plain("POST", "/api/activities", {})
    assert response.status_code == 405 and "GET" in response.headers["Allow"]
    assert strict("DELETE", LIST).status_code == 403  # a list is not deleted
    for caller in (strict, plain):
        assert caller("PUT", LIST, {}).status_code == caller("OPTIONS", LIST).status_code == 405


def test_a_read_only_relationship_is_403(strict, plain, candidate, alice):
    path = f"{LIST}/{candidate.pk}"
    body = data("Candidate", {}, candidate.pk, added_by=alice)
    response = strict("PATCH", path, body)
    assert response.status_code == 403
    assert pointer(response) == "/data/relationships/added_by"
    response = plain("PATCH", path, body)
    assert response.status_code == 200 and response.headers["Vitay-Ignored"] == "added_by"


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ([], ""),
        ({}, ""),
        ({"data": None}, "/data"),
        ({"data": []}, "/data"),
        ({"data": "x"}, "/data"),
        ({"data": {}}, "/data"),
        ({"data": {"type": 1}}, "/data/type"),
        ({"data": {"type": "Candidate", "attributes": []}}, "/data/attributes"),
        ({"data": {"type": "Candidate", "attributes": "x"}}, "/data/attributes"),
        ({"data": {"type": "Candidate", "attributes": None}}, "/data/attributes"),
        ({"data": {"type": "Candidate", "relationships": [1]}}, "/data/relationships"),
        ({"data": {"type": "Candidate", "relationships": {"x": None}}}, "/data/relationships/x"),
        ({"data": {"type": "Candidate", "relationships": {"x": {}}}}, "/data/relationships/x"),
        (
            {"data": {"type": "Candidate", "relationships": {"x": {"data": "y"}}}},
            "/data/relationships/x/data",
        ),
        (
            {"data": {"type": "Candidate", "relationships": {"x": {"data": {"id": "1"}}}}},
            "/data/relationships/x/data",
        ),
        (
            {
                "data": {
                    "type": "Candidate",
                    "relationships": {"x": {"data": {"type": "A", "id": 1}}},
                }
            },
            "/data/relationships/x/data/id",
        ),
        ({"data": {"type": "Candidate"}, "errors": []}, "/errors"),
    ],
)
def test_malformed_documents_are_400_with_a_pointer(strict, document, where):
    response = strict("POST", LIST, document)
    assert response.status_code == 400
    assert pointer(response) == where
    assert response.json().keys() == {"jsonapi", "errors"}  # and no data beside them


def test_unknown_attributes(strict, plain, person):
    response = strict("POST", LIST, data("Candidate", {**person, "nickname": "Z"}))
    assert response.status_code == 422 and pointer(response) == "/data/attributes/nickname"
    response = plain("POST", LIST, data("Candidate", {**person, "nickname": "Z"}))
    assert response.status_code == 200 and response.headers["Vitay-Ignored"] == "nickname"


def test_members_with_an_at_sign_are_no_fields(strict, person, candidate):
    body = data("Candidate", {**person, "@context": {"x": 1}})
    body["data"]["relationships"] = {"@graph": "x"}
    body["@about"] = body["data"]["@about"] = 1
    response = strict("POST", LIST, body)
    assert response.status_code == 201, response.content
    assert response.headers["Vitay-Ignored"] == "%40context, %40graph"


def test_a_header_of_ignored_names_fits_through_any_proxy(plain, person):
    unknown = {chr(0x1F600 + n) * 100: 1 for n in range(20)}
    response = plain("POST", LIST, data("Candidate", {**person, **unknown}))
    assert response.status_code == 200 and 0 < len(response.headers["Vitay-Ignored"]) <= 2000


@pytest.mark.parametrize(("name", "escaped"), [("a/b", "a~1b"), ("a~b", "a~0b"), ("~1", "~01")])
def test_a_pointer_escapes_what_has_a_meaning_in_it(strict, person, name, escaped):
    unknown = strict("POST", LIST, data("Candidate", {**person, name: "x"}))
    assert pointer(unknown) == f"/data/attributes/{escaped}"
    nul = strict("POST", LIST, data("Candidate", {**person, name: "\0"}))
    assert pointer(nul) == f"/data/attributes/{escaped}"


def test_ignored_names_are_told_so_that_a_header_can_hold_them(plain, person):
    response = plain("POST", LIST, {"data": {"attributes": {**person, "a\nb: c": 1, "é": 2}}})
    assert response.status_code == 200
    assert response.headers["Vitay-Ignored"] == "a%0Ab%3A%20c, %C3%A9"


def test_reserved_attribute_names_are_unknown(strict, as_alice, alice, question_set):
    as_alice.raise_request_exception = False
    own = question_set.copy(alice)
    body = data("Question", {"type": "text", "text": "Why?"}, question_set=own)
    response = as_alice.generic(
        "POST",
        "/api/v1/questions",
        json.dumps(body),
        content_type=STRICT,
        headers={"Accept": STRICT},
    )
    assert response.status_code == 422


def test_all_wrong_fields_at_once(strict):
    wrong = {"first_name": "x" * 101, "email": "no", "phone": 5, "language": "xx"}
    response = strict("POST", LIST, data("Candidate", wrong))
    assert response.status_code == 422
    found = {each["meta"]["field"]: each for each in response.json()["errors"]}
    assert found.keys() == {"first_name", "last_name", "email", "phone", "language"}
    assert found["first_name"]["source"]["pointer"] == "/data/attributes/first_name"
    assert found["last_name"]["source"]["pointer"] == "/data/attributes"
    assert all({"status", "code", "title", "detail"} <= each.keys() for each in found.values())
    assert {each["status"] for each in found.values()} == {"422"}


def test_an_update_is_whole_or_not_at_all(strict, plain, candidate):
    path = f"{LIST}/{candidate.pk}"
    for caller in (strict, plain):
        body = data("Candidate", {"notes": "x", "email": "no", "phone": ""}, candidate.pk)
        assert caller("PATCH", path, body).status_code == 422
        kept = caller("GET", path).json()["data"]["attributes"]
        assert (kept["notes"], kept["email"]) == ("", candidate.email)


def test_kinds_are_strict_only_in_strict(strict, plain, reference_request):
    path = f"/api/v1/reference_requests/{reference_request.pk}"
    body = data("ReferenceRequest", {"min_references": "3"}, reference_request.pk)
    assert strict("PATCH", path, body).status_code == 422
    response = plain("PATCH", path, body)
    assert response.json()["data"]["attributes"]["min_references"] == 3


def test_text_is_text_in_both_but_codes_may_be_numbers(strict, plain, person):
    for call in (strict, plain):
        response = call("POST", LIST, data("Candidate", person | {"first_name": 5}))
        assert response.status_code == 422
        assert pointer(response) == "/data/attributes/first_name"
    coded = data("Candidate", person | {"internal_id": 42, "country_code": 1, "phone": 5145550142})
    assert strict("POST", LIST, coded).status_code == 422
    made = plain("POST", LIST, coded).json()["data"]["attributes"]
    assert (made["internal_id"], made["country_code"], made["phone"]) == ("42", "1", "5145550142")


@pytest.mark.parametrize("code, kept", [(395.0, "395"), (3.5, None), (1e15, None), (-1.0, None)])
def test_a_whole_number_is_one_however_it_is_written(plain, person, code, kept):
    response = plain("POST", LIST, data("Candidate", person | {"internal_id": code}))
    if kept:
        assert response.json()["data"]["attributes"]["internal_id"] == kept
    else:
        assert (response.status_code, pointer(response)) == (422, "/data/attributes/internal_id")


def test_a_request_asks_for_as_many_references_as_its_firm(plain, candidate, question_set, firm):
    type(firm).objects.filter(pk=firm.pk).update(min_references=3)
    links = {"candidate": candidate, "question_set": question_set}
    made = plain("POST", "/api/v1/reference_requests", data("ReferenceRequest", **links))
    assert made.json()["data"]["attributes"]["min_references"] == 3


def test_no_mass_assignment(strict, candidate, bob, as_bob):
    response = strict(
        "PATCH", f"{LIST}/{candidate.pk}", data("Candidate", {"score": 5}, candidate.pk)
    )
    assert response.status_code == 200 and response.json()["data"]["attributes"]["score"] is None
    response = strict(
        "PATCH",
        f"/api/v1/recruiters/{bob.pk}",
        data("Recruiter", {"is_root": True, "is_active": False}, bob.pk),
    )
    bob.refresh_from_db()
    assert response.status_code == 200 and not bob.is_root and bob.is_active


def test_score_is_taken_on_creation(strict, person):
    response = strict("POST", LIST, data("Candidate", {**person, "score": 4.25}))
    assert response.json()["data"]["attributes"]["score"] == 4.25
    response = strict("POST", LIST, data("Candidate", {**person, "score": 5.5}))
    assert response.status_code == 422


def test_the_target_of_a_relationship(strict, plain, candidate, question_set, charlie):
    path = "/api/v1/reference_requests"
    foreign = make_candidate(charlie)
    for caller in (strict, plain):
        body = data("ReferenceRequest", {}, question_set=question_set, candidate=foreign)
        response = caller("POST", path, body)
        assert response.status_code == 404
        assert pointer(response) == "/data/relationships/candidate"
        body["data"]["relationships"]["candidate"]["data"]["id"] = "zzz"
        again = caller("POST", path, body)
        assert again.content == response.content
    body = data("ReferenceRequest", {}, question_set=question_set, candidate=question_set)
    response = strict("POST", path, body)
    assert response.status_code == 409
    assert pointer(response) == "/data/relationships/candidate"


def test_the_documented_typo_is_understood(strict, plain, candidate, question_set):
    body = data("ReferenceRequest", {}, question_set=question_set, candidate=candidate)
    for relationship in body["data"]["relationships"].values():
        relationship["data"]["type"] = "RerefenceRequest"
    assert strict("POST", "/api/v1/public/reference_requests", body).status_code == 409
    bare = {name: each["data"] for name, each in body["data"]["relationships"].items()}
    body["data"]["relationships"] = bare
    response = plain("POST", "/api/v1/public/reference_requests", body)
    assert response.status_code == 200
    assert "Reref" not in response.content.decode()


@pytest.mark.parametrize("linkage", [[], "x", 1, True])
def test_a_to_one_relationship_takes_one_identifier(strict, plain, candidate, linkage):
    named = {"type": "Candidate", "id": str(candidate.pk)}
    for given in (linkage, [named]):
        wrapped = data("ReferenceRequest", {})
        wrapped["data"]["relationships"] = {"candidate": {"data": given}}
        bare = data("ReferenceRequest", {})
        bare["data"]["relationships"] = {"candidate": given}
        for caller, body in ((strict, wrapped), (plain, bare), (plain, wrapped)):
            response = caller("POST", "/api/v1/reference_requests", body)
            assert response.status_code == 400
            assert pointer(response).startswith("/data/relationships/candidate")


def test_bare_linkage_is_400_in_strict(strict, candidate, question_set):
    body = data("ReferenceRequest", {}, question_set=question_set)
    body["data"]["relationships"]["candidate"] = {"type": "Candidate", "id": str(candidate.pk)}
    assert strict("POST", "/api/v1/reference_requests", body).status_code == 400


def test_foreign_missing_and_malformed_are_one_404(plain, charlie):
    foreign = make_candidate(charlie)
    keys = (foreign.pk, "01a20a3f-74d0-748b-b6cd-7171ff8ea956", "zzz", "1", "%00", "é" * 100)
    bodies = {plain("GET", f"{LIST}/{key}").content for key in keys}
    assert len(bodies) == 1
    assert plain("GET", "/api/nowhere").content in bodies


def test_invalid_reference(plain):
    response = plain("GET", "/api/v1/references/1")
    assert response.status_code == 404
    assert response.json()["errors"][0]["detail"] == "Invalid Reference"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'"x"', 400),
        (b"\xff\xfe{\x00}\x00", 400),
        ('{"data": "é"}'.encode("latin-1"), 400),
        (b'{"data": ' * 50 + b"1" + b"}" * 50, 400),
        (b"[" * 100_000, 400),
        (b'{"data": {"type": "Candidate", "attributes": {"first_name": "a\\u0000b"}}}', 422),
        (b'{"data": {"type": "Candidate", "attributes": {"first_name": "\\ud800"}}}', 400),
        (b'{"data": {"type": "Candidate", "attributes": {"score": 1e999}}}', 400),
        (b'{"data": {"type": "Candidate", "attributes": {"score": 123456789012345678901}}}', 422),
        (b'{"data": {"type": "Candidate", "attributes": {"email": {"a": 1}}}}', 422),
        (b" " * 10_000_000, 413),
    ],
    ids=range(13),
)
def test_hostile_bodies(strict, plain, raw, status):
    for caller in (strict, plain):
        response = caller("POST", LIST, raw)
        assert response.status_code == status, response.content[:300]
        assert response.json()["errors"]
