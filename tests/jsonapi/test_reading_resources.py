"""Fetching: documents, links, includes, fieldsets, sort, pages, filters."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from apps.activities.models import Activity
from apps.candidates.models import Candidate
from tests.api.world import client as client_of
from tests.api.world import told
from tests.conftest import fill, make_candidate, make_reference
from tests.jsonapi.conftest import STRICT
from vitay.urls import LINKED

LIST = "/api/v3/candidates"


def test_a_resource_object(strict, candidate, reference):
    document = strict("GET", f"{LIST}/{candidate.pk}").json()
    assert document["jsonapi"] == {"version": "1.1"}
    found = document["data"]
    assert set(found) == {"type", "id", "attributes", "relationships", "links"}
    assert found["type"] == "Candidate" and found["id"] == str(candidate.pk)
    assert isinstance(found["id"], str)
    assert not {"id", "type"} & found["attributes"].keys()
    assert not found["attributes"].keys() & found["relationships"].keys()
    assert found["links"]["self"].endswith(f"{LIST}/{candidate.pk}")
    linked = found["relationships"]["references"]
    assert linked["data"] == [{"type": "Reference", "id": str(reference.pk)}]
    assert linked["links"]["self"].endswith("/relationships/references")
    assert found["relationships"]["metadatum"]["data"] is None


def test_every_link_of_a_relationship_answers(strict, candidate, reference):
    alone = make_candidate(candidate.added_by)
    found = [strict("GET", f"{LIST}/{each.pk}").json()["data"] for each in (candidate, alone)]
    given = [each for one in found for each in one["relationships"].items()]
    assert {None, 0, 1} <= {_size(relationship["data"]) for _name, relationship in given}
    for name, relationship in given:
        linkage = strict("GET", relationship["links"]["self"])
        assert linkage.status_code == 200, name
        assert linkage.json()["data"] == relationship["data"]
        assert linkage.json()["links"]["related"] == relationship["links"]["related"]
        related = strict("GET", relationship["links"]["related"])
        assert related.status_code == 200, name
        ids = related.json()["data"]
        many = isinstance(relationship["data"], list)
        wanted = {each["id"] for each in relationship["data"]} if many else relationship["data"]
        got = {each["id"] for each in ids} if many else ids
        assert got == wanted if many or wanted is None else got["id"] == wanted["id"]


def _size(linkage):
    return len(linkage) if isinstance(linkage, list) else linkage and "one"


def test_relationships_of_what_is_missing_are_404(strict, candidate):
    missing = "01a20a3f-74d0-748b-b6cd-7171ff8ea956"
    assert strict("GET", f"{LIST}/{missing}/relationships/references").status_code == 404
    assert strict("GET", f"{LIST}/{missing}/references").status_code == 404
    assert strict("GET", f"{LIST}/{candidate.pk}/relationships/nothing").status_code == 404
    assert strict("GET", f"{LIST}/{candidate.pk}/nothing").status_code == 404


def test_every_link_of_every_resource_answers():
    """Over the demo, wherever urls.py gives relationships addresses of their own."""
    asking = client_of(told().root)
    lists = {"v1/references": "v2/references", "v1/recruiters": "v2/recruiters"}
    wrong, followed = [], 0
    for stem in LINKED:
        path = f"/api/{lists.get(stem, stem)}?page[size]=2"
        rows = asking.get(path, headers={"Accept": STRICT}).json()["data"]
        for row in rows:
            _is_a_resource_object(row)
        given = [
            (link, relationship["data"])
            for row in rows
            for relationship in row["relationships"].values()
            for link in relationship.get("links", {}).values()
        ]
        assert given, stem
        for link, linkage in given:
            followed += 1
            response = asking.get(link, headers={"Accept": STRICT})
            found = response.json().get("data", "nothing")
            if response.status_code != 200 or _keys(found) != _keys(linkage):
                wrong.append(f"{link}: {response.status_code}")
    assert followed > 50 and not wrong


def _is_a_resource_object(found):
    assert isinstance(found["type"], str) and isinstance(found["id"], str)
    fields = [*found["attributes"], *found["relationships"]]
    assert len(fields) == len(set(fields)) and not {"type", "id"} & set(fields)
    for relationship in found["relationships"].values():
        assert relationship.keys() & {"links", "data", "meta"}
        for each in _listed(relationship.get("data")):
            assert each.keys() <= {"type", "id", "meta"}
            assert isinstance(each["type"], str) and isinstance(each["id"], str)


def _keys(data):
    return sorted((each["type"], each["id"]) for each in _listed(data))


def test_self_link_reaches_the_resource(strict, candidate):
    link = strict("GET", f"{LIST}/{candidate.pk}").json()["data"]["links"]["self"]
    assert strict("GET", link).json()["data"]["id"] == str(candidate.pk)


def test_compound_documents_link_fully_and_hold_each_once(strict, candidate, reference_request):
    make_reference(reference_request)
    make_reference(reference_request, email="two@reference.example")
    found = strict(
        "GET", f"{LIST}?include=references.reference_request,reference_requests,added_by"
    ).json()
    keys = [(each["type"], each["id"]) for each in found["included"]]
    assert len(keys) == len(set(keys)) == 4
    linked = {
        (each["type"], each["id"])
        for resource in [*found["data"], *found["included"]]
        for relationship in resource["relationships"].values()
        for each in _listed(relationship["data"])
    }
    assert set(keys) <= linked


def _listed(linkage):
    return linkage if isinstance(linkage, list) else [linkage] if linkage else []


def test_the_primary_data_is_not_included_again(strict, candidate, reference):
    found = strict("GET", f"{LIST}/{candidate.pk}?include=references.candidate").json()
    assert [each["type"] for each in found["included"]] == ["Reference"]


def test_an_empty_include_includes_nothing(strict, candidate):
    assert strict("GET", f"{LIST}/{candidate.pk}?include=").json()["included"] == []
    assert "included" not in strict("GET", f"{LIST}/{candidate.pk}").json()


def test_sparse_fieldsets(strict, candidate, reference):
    path = f"{LIST}/{candidate.pk}?fields[Candidate]=first_name,references"
    found = strict("GET", f"{path}&fields[Reference]=email&include=references").json()
    assert found["data"]["attributes"] == {"first_name": "Camille"}
    assert set(found["data"]["relationships"]) == {"references"}
    assert found["included"][0]["attributes"].keys() == {"email"}
    assert "relationships" not in found["included"][0]
    [bare] = strict("GET", f"{LIST}?fields[Candidate]=").json()["data"]
    assert not bare.get("attributes") and not bare.get("relationships")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("include=nothing", "include"),
        ("include=references.nothing", "include"),
        ("fields[Candidate]=nothing", "fields[Candidate]"),
        ("fields[Nothing]=x", "fields[Nothing]"),
        ("sort=nothing", "sort"),
        ("sort=--score", "sort"),
        ("filter[nothing]=1", "filter[nothing]"),
        ("filter[updated_since]=yesterday", "filter[updated_since]"),
        ("page[page]=0", "page[page]"),
        ("page[page]=-1", "page[page]"),
        ("page[page]=one", "page[page]"),
        ("page[page]=", "page[page]"),
        ("page[page_size]=999999999999999999999", "page[page_size]"),
        ("page[page]=1&page[number]=2", "page[number]"),
        ("sort=score&sort=score", "sort"),
    ],
)
def test_bad_parameters_are_400_in_both(strict, plain, query, parameter):
    for caller in (strict, plain):
        response = caller("GET", f"{LIST}?{query}")
        assert response.status_code == 400
        assert response.json()["errors"][0]["source"] == {"parameter": parameter}


@pytest.mark.parametrize("query", ["foo=1", "page[cursor]=x", "filter=1", "camelCase=1", "id=1"])
def test_unknown_parameters_are_400_only_in_strict(strict, plain, query):
    assert strict("GET", f"{LIST}?{query}").status_code == 400
    assert plain("GET", f"{LIST}?{query}").status_code == 200
    assert strict("POST", f"{LIST}?{query}", {}).status_code == 400


def test_nul_in_a_parameter_is_400(plain):
    assert plain("GET", f"{LIST}?filter[search]=%00").status_code == 400


def test_sorting_puts_nulls_last_and_settles_ties(strict, bob):
    for name, score in (("A", "2"), ("B", None), ("C", "4"), ("D", "2")):
        made = make_candidate(bob, first_name=name)
        Candidate.objects.filter(pk=made.pk).update(score=score)

    def names(query):
        found = strict("GET", f"{LIST}?{query}").json()["data"]
        return "".join(each["attributes"]["first_name"] for each in found)

    assert names("sort=score") == "ADCB"
    assert names("sort=-score") == "CDAB"
    assert names("sort=-score,first_name") == "CADB"
    assert names("") == "DCBA"


def test_pages(strict, plain, bob):
    for number in range(5):
        make_candidate(bob, first_name=str(number))
    document = strict("GET", f"{LIST}?page[page]=2&page[page_size]=2").json()
    assert document["meta"]["pagination"] == {
        "current_page": 2,
        "total_pages": 3,
        "total_entries": 5,
        "page_size": 2,
    }
    links = document["links"]
    assert strict("GET", links["first"]).json()["links"]["prev"] is None
    assert all(name in links for name in ("self", "first", "last", "prev", "next"))
    pages = (links["prev"], links["self"], links["next"])
    seen = [each["id"] for page in pages for each in strict("GET", page).json()["data"]]
    whole = [each["id"] for each in strict("GET", LIST).json()["data"]]
    assert seen == whole and len(set(whole)) == 5
    last = strict("GET", links["last"]).json()
    assert last["links"]["next"] is None
    beyond = strict("GET", f"{LIST}?page[number]=99&page[size]=2").json()
    assert beyond["data"] == [] and beyond["meta"]["pagination"]["current_page"] == 99
    documented = plain("GET", f"{LIST}?page[size]=2").json()
    assert documented["pagination"]["total_pages"] == 3 and len(documented["data"]) == 2


def test_an_empty_list_has_one_page(plain):
    assert plain("GET", LIST).json() == {
        "data": [],
        "pagination": {"current_page": 1, "total_pages": 1, "total_entries": 0, "page_size": 15},
    }


def test_paging_links_keep_the_other_parameters(strict, bob):
    for number in range(3):
        make_candidate(bob, first_name=f"Éva{number}")
    links = strict("GET", f"{LIST}?filter[search]=éva&sort=first_name&page[size]=1").json()["links"]
    assert strict("GET", links["next"]).json()["data"][0]["attributes"]["first_name"] == "Éva1"


def test_question_sets_come_whole_in_the_documented_shape(plain, strict):
    whole = plain("GET", "/api/v1/question_sets").json()
    assert "pagination" not in whole
    paged = plain("GET", "/api/v1/question_sets?page[size]=1").json()
    assert len(paged["data"]) == 1 and paged["pagination"]["total_entries"] == len(whole["data"])
    assert "pagination" in strict("GET", "/api/v1/question_sets").json()["meta"]


def test_search_knows_no_case_and_no_accents(plain, bob):
    make_candidate(bob, first_name="Éloïse", last_name="Bœuf")
    make_candidate(bob, first_name="Marc")
    for words in ("eloise", "BOEUF", "ÉLOÏSE boeuf"):
        found = plain("GET", f"{LIST}?filter[search]={words}").json()["data"]
        assert [each["attributes"]["first_name"] for each in found] == ["Éloïse"]


@pytest.mark.parametrize(
    "words",
    ["obrien", "O'BRIEN", "o’brien", "o'brien zoe", "O’Brien", "5145550187", "514-555-0187",
     "(514) 555 0187", "+1 514.555.0187", " 1 514 555-0187 ", "555-0187", "0187", "EMP-77-1234567"],
)  # fmt: skip
def test_search_knows_every_spelling_of_an_apostrophe_and_of_a_phone(plain, bob, words):
    for name in ("O’Brien", "O'Brien"):
        make_candidate(
            bob,
            first_name="Zoé",
            last_name=name,
            phone="(514) 555-0187",
            internal_id="EMP-77-1234567",
        )
    make_candidate(bob, last_name="Marc", internal_id="0")
    query = urlencode({"filter[search]": words})
    assert len(plain("GET", f"{LIST}?{query}").json()["data"]) == 2


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        ("2026-03-01T12:00:00Z", 1),
        ("2026-03-01T12:00:00", 1),
        ("2026-03-01T07:00:00-05:00", 1),
        ("2026-03-01 12:00:00.000000", 1),
        ("2026-03-01", 1),
        ("2026-03-01T12:00:00.000001Z", 0),
        ("2026-03-01T12:00:01", 0),
        ("2026-03-01T07:00:01-05:00", 0),
        ("2026-03-02", 0),
    ],
)
def test_changed_since_includes_the_moment_which_is_utc_unless_it_says_so(
    plain, candidate, moment, found
):
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    type(candidate).objects.update(updated_at=at)
    query = urlencode({"filter[updated_since]": moment})
    assert len(plain("GET", f"{LIST}?{query}").json()["data"]) == found


@pytest.mark.parametrize("moment", ["2026-03-01T12:00:00 00:00", "2026-13-01", "1764260000", "x"])
def test_changed_since_nothing_that_is_a_moment(plain, moment):
    response = plain("GET", f"{LIST}?{urlencode({'filter[updated_since]': moment})}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["source"] == {"parameter": "filter[updated_since]"}


def test_a_search_for_a_whole_page_of_words_finds_nothing(plain, bob):
    make_candidate(bob, first_name="Marc")
    many = "+".join(f"word{number}" for number in range(1500))
    assert plain("GET", f"{LIST}?filter[search]={many}").json()["data"] == []
    again = "+".join(["marc"] * 1500)
    assert len(plain("GET", f"{LIST}?filter[search]={again}").json()["data"]) == 1


def test_related_lists_page_and_sort_by_their_own_fields(strict, candidate, reference):
    path = f"{LIST}/{candidate.pk}/references"
    assert len(strict("GET", f"{path}?page[size]=1&sort=-created_at").json()["data"]) == 1
    assert strict("GET", f"{path}?sort=score").status_code == 400
    assert strict("GET", f"{path}?filter[email]=x").status_code == 400
    assert strict("GET", f"{path}?filter[updated_since]=2199-01-01T00:00:00Z").json()["data"] == []
    sets = strict("GET", "/api/v1/question_sets?page[size]=1").json()["data"][0]["id"]
    assert strict("GET", f"/api/v1/question_sets/{sets}/questions?page[size]=2").json()["data"]


def test_updated_since(plain, candidate):
    assert plain("GET", f"{LIST}?filter[updated_since]=2020-01-01T00:00:00Z").json()["data"]
    assert not plain("GET", f"{LIST}?filter[updated_since]=2199-01-01T00:00:00Z").json()["data"]


def test_identifiers_carry_filled_as_meta_or_inline(strict, plain, candidate, reference_request):
    identifier = strict("GET", LIST).json()["data"][0]["relationships"]["reference_requests"]
    named = {"type": "ReferenceRequest", "id": str(reference_request.pk)}
    assert identifier["data"] == [{**named, "meta": {"filled": False}}]
    inline = plain("GET", LIST).json()["data"][0]["relationships"]["reference_requests"][0]
    assert inline == {**named, "filled": False}


def test_a_draft_is_linked_to_by_nobody_but_its_link(strict, reference):
    fill(reference)
    reference.refresh_from_db()
    path = f"/api/v1/references/{reference.pk}"
    assert strict("GET", path).json()["data"]["relationships"]["answer_set"]["data"]
    reference.reopen(reference.requested_by)
    assert strict("GET", path).json()["data"]["relationships"]["answer_set"]["data"] is None
    assert strict("GET", "/api/v1/answers").json()["data"] == []


def test_etag(strict, plain, candidate):
    path = f"{LIST}/{candidate.pk}"
    first = strict("GET", path)
    again = strict("GET", path, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.content == b""
    assert plain("GET", path).headers["ETag"] != first.headers["ETag"]


def test_renamed_attributes(strict, plain):
    question = plain("GET", "/api/v1/questions?page[size]=1").json()["data"][0]
    assert "type" in question["attributes"] and "question_type" not in question["attributes"]
    assert question["relationships"]["candidate"] is None
    same = strict("GET", f"/api/v1/questions/{question['id']}").json()["data"]
    assert same["attributes"]["question_type"] == question["attributes"]["type"]
    assert "candidate" not in same["relationships"]


def test_the_id_repeats_only_in_the_documented_shape(strict, plain, bob):
    path = f"/api/v1/recruiters/{bob.pk}"
    assert plain("GET", path).json()["data"]["attributes"]["id"] == str(bob.pk)
    assert "id" not in strict("GET", path).json()["data"]["attributes"]


def test_a_profile_is_an_array_of_one_as_printed(strict, plain, candidate):
    path = f"/api/v1/profiles/{candidate.pk}"
    assert [each["id"] for each in plain("GET", path).json()["data"]] == [str(candidate.pk)]
    assert strict("GET", path).json()["data"]["id"] == str(candidate.pk)


def test_ping_says_pong(client):
    assert client.get("/api/v3/ping").json() == {"data": {"detail": "Pong"}}
    strict = client.get("/api/v3/ping", headers={"Accept": STRICT}).json()
    assert strict["meta"] == {"detail": "Pong"} and "data" not in strict


def test_an_activity_leads_to_nothing_that_is_gone(strict, bob, reference, candidate):
    """Also not to what went with the candidate, and had no end of its own."""
    kept, gone = make_candidate(bob), str(candidate.pk)
    Activity.record(bob, "reference.update", reference)
    candidate.remove(bob)
    found = strict("GET", "/api/activities?page[page_size]=100").json()["data"]
    told = {
        (each["attributes"]["trackable_type"], each["attributes"]["trackable_id"]): each[
            "relationships"
        ]["trackable"]["data"]
        for each in found
    }
    assert told["Reference", str(reference.pk)] is None
    assert told["Candidate", gone] is None
    assert told["Candidate", str(kept.pk)] == {"type": "Candidate", "id": str(kept.pk)}
