"""The 55 documented operations: each is really called, and its answer compared with the example."""

import io
import json
import re
from pathlib import Path

import pytest
from django.db import transaction
from PIL import Image

from tests.api.world import client, reset_for, told
from vitay import demo

CONTRACT = json.loads((Path(__file__).parent.parent / "contract.json").read_text())
OPERATIONS = {(each["method"], each["path"]): each for each in CONTRACT["operations"]}

# The reference says "string" of everything but numbers; these are what the words mean.
FLAGS = {
    "count_exceeded",
    "filled",
    "has_user",
    "is_active",
    "is_active_hf",
    "is_pending",
    "is_root",
    "permission_share_candidate",
    "permission_share_clients",
    "rate_exceeded",
}
NUMBERS = {"min_manager_references", "score"}
ALWAYS_NULL = {"public_profile_url", "picture_url"}
NULL_RELATIONSHIPS = {("Profile", "user"), ("QuestionSet", "candidate"), ("Question", "candidate")}
# Slips of the reference: its GET of an answer repeats the attributes as relationships.
SLIPS = {("GET", "/api/v1/answers/{id}"): "relationships"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture
def world():
    return told()


def document(kind, key=None, attributes=None, **relationships):
    data = {"type": kind}
    if key:
        data["id"] = str(key)
    if attributes is not None:
        data["attributes"] = attributes
    if relationships:
        data["relationships"] = {
            name: {"type": type(row)._meta.object_name, "id": str(row.pk)}
            for name, row in relationships.items()
        }
    return {"data": data}


PERSON = {
    "first_name": "Zoé",
    "last_name": "Lavoie",
    "email": "zoe@new.example",
    "country_code": "CA",
    "phone": "514 555-0177",
    "internal_id": "A-1",
}


def picture():
    held = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(held, "PNG")
    held.seek(0)
    held.name = "logo.png"
    return {"logo_file": held}


def calls(world) -> dict:
    """For each operation its path and body."""
    w, set_ = world, world.own_set
    firm, request = w.firm.pk, w.reference_request
    reset = reset_for(w.recruiter.user)
    return {
        ("GET", "/api/v3/ping"): ({}, None),
        ("GET", "/api/v3/api/postman"): ({}, None),
        ("GET", "/api/v1/public/reference_requests"): ({}, None),
        ("POST", "/api/v1/public/reference_requests"): (
            {},
            document(
                "ReferenceRequest",
                attributes={"notes": "Soon", "min_manager_references": "1"},
                question_set=w.library_set,
                candidate=w.candidate,
            ),
        ),
        ("POST", "/api/v1/reminders/reference_request/{id}"): (
            {"id": w.remindable["reference_request"].pk},
            None,
        ),
        ("GET", "/api/activities"): ({}, None),
        ("GET", "/api/v1/users"): ({}, None),
        ("GET", "/api/v1/users/{id}"): ({"id": w.root.pk}, None),
        ("GET", "/api/v1/users/me"): ({}, None),
        ("GET", "/api/v1/answers/{id}"): ({"id": w.answer.pk}, None),
        ("PATCH", "/api/v1/answers/{id}"): (
            {"id": w.answer.pk},
            document("Answer", w.answer.pk, {"comment": "Said again by phone."}),
        ),
        ("GET", "/api/v1/hiring_firms"): ({}, None),
        ("GET", "/api/v1/hiring_firms/{id}"): ({"id": firm}, None),
        ("PATCH", "/api/v1/hiring_firms/{id}"): (
            {"id": firm},
            document("HiringFirm", firm, {"name": "Marchand & Ouellet"}),
        ),
        ("DELETE", "/api/v1/hiring_firms/{id}"): ({"id": firm}, document("HiringFirm", firm)),
        ("PATCH", "/api/v1/hiring_firms/{id}/logo"): ({"id": firm}, picture()),
        ("GET", "/api/v1/hiring_firms/{id}/analytics"): ({"id": firm}, None),
        ("GET", "/api/v1/profiles/{id}"): ({"id": w.candidate.pk}, None),
        ("GET", "/api/v1/questions"): ({}, None),
        ("POST", "/api/v1/questions"): (
            {},
            document("Question", attributes={"type": "text", "title": "Why?"}, question_set=set_),
        ),
        ("GET", "/api/v1/questions/{id}"): ({"id": w.own_question.pk}, None),
        ("PATCH", "/api/v1/questions/{id}"): (
            {"id": w.own_question.pk},
            document("Question", w.own_question.pk, {"category": "teamwork"}),
        ),
        ("DELETE", "/api/v1/questions/{id}"): ({"id": w.own_question.pk}, None),
        ("POST", "/api/v1/reminders/verification/{id}"): (
            {"id": w.remindable["verification"].pk},
            None,
        ),
        ("GET", "/api/v2/recruiters"): ({}, None),
        ("GET", "/api/v1/recruiters/{id}"): ({"id": w.recruiter.pk}, None),
        ("PATCH", "/api/v1/recruiters/{id}"): (
            {"id": w.recruiter.pk},
            document("Recruiter", w.recruiter.pk, {"notifications": "important"}),
        ),
        ("DELETE", "/api/v1/recruiters/{id}"): ({"id": w.recruiter.pk}, None),
        ("GET", "/api/v1/recruiters/{id}/analytics"): ({"id": w.recruiter.pk}, None),
        ("POST", "/api/v1/recruiters_with_user"): (
            {},
            {
                "data": {
                    "attributes": {"hiring_firm_id": str(firm)},
                    "relationships": {"user": {"attributes": {"emai": "new@demo.example"}}},
                }
            },
        ),
        ("GET", "/api/v3/candidates"): ({}, None),
        ("POST", "/api/v3/candidates"): (
            {},
            {"data": {"attributes": {**PERSON, "notes": "", "score": 4.5}}},
        ),
        ("GET", "/api/v3/candidates/{id}"): ({"id": w.candidate.pk}, None),
        ("PATCH", "/api/v3/candidates/{id}"): (
            {"id": w.candidate.pk},
            document("Candidate", w.candidate.pk, {"notes": "Seen twice"}),
        ),
        ("DELETE", "/api/v3/candidates/{id}"): ({"id": w.candidate.pk}, None),
        ("GET", "/api/v1/question_sets"): ({}, None),
        ("POST", "/api/v1/question_sets"): ({}, document("QuestionSet", None, {"title": "Ours"})),
        ("GET", "/api/v1/question_sets/{id}"): ({"id": set_.pk}, None),
        ("POST", "/api/v1/question_sets/{id}"): (
            {"id": set_.pk},
            document("QuestionSet", set_.pk, {"title": "Theirs"}),
        ),
        ("DELETE", "/api/v1/question_sets/{id}"): ({"id": set_.pk}, None),
        ("POST", "/api/v2/references"): (
            {},
            document("Reference", attributes=PERSON, candidate=w.candidate),
        ),
        ("GET", "/api/v2/references"): ({}, None),
        ("PATCH", "/api/v1/references/{id}"): (
            {"id": w.waiting.pk},
            document("Reference", w.waiting.pk, {"company_name": "Acme"}),
        ),
        ("GET", "/api/v1/references/{id}"): ({"id": 1}, None),
        ("DELETE", "/api/v1/references/{id}"): ({"id": w.filled.pk}, None),
        ("GET", "/api/v1/public/references/{id}"): ({"id": w.filled.pk}, None),
        ("POST", "/api/v1/public/references"): (
            {},
            document("Reference", w.waiting.pk, {"answers": w.given()}),
        ),
        ("POST", "/api/v1/reminders/reference/{id}"): ({"id": w.remindable["reference"].pk}, None),
        ("GET", "/api/documents"): ({"?": f"type=references&id={w.filled.pk}"}, None),
        ("GET", "/api/v3/metadata"): ({}, None),
        ("POST", "/api/v3/metadata"): ({}, document("Metadatum", identifiable=request)),
        ("POST", "/api/v3/oauth/login"): ({}, {"email": demo.ROOT, "password": demo.PASSWORD}),
        ("GET", "/api/v3/oauth/reset"): ({"?": f"email={demo.ROOT}"}, None),
        ("POST", "/api/v3/oauth/reset"): ({}, {"email": demo.ROOT}),
        ("PATCH", "/api/v3/oauth/reset"): (
            {},
            {
                "email": w.recruiter.user.email,
                "password": "another-good-word-7",
                "reset_key": reset.reset_key,
            },
        ),
    }


def call(world, method, path, given, body):
    """The real call, undone afterwards, so that the next one meets the same world."""
    given = dict(given)
    query = given.pop("?", "")
    address = path.format(**given) + (f"?{query}" if query else "")
    form = {"format": "multipart"} if path.endswith("/logo") else {}
    with transaction.atomic():
        if (method, path) == ("PATCH", "/api/v1/answers/{id}"):
            # Only a reopened reference, or what a recruiter typed, can be changed.
            world.answer.answer_set.typed_by = world.recruiter
            world.answer.answer_set.save()
        response = (
            client(world.root).generic(
                method,
                address,
                json.dumps(body) if body is not None and not form else "",
                content_type="application/json",
            )
            if not form
            else client(world.root).patch(address, body, **form)
        )
        transaction.set_rollback(True)
    return response


def mismatches(example, found, name="", *, path=""):
    """Members of the example that are missing in the answer, or of another kind.

    A relationship may be null, and so may what is not known yet; the object `reminder` never is.
    """
    if isinstance(example, dict):
        if not isinstance(found, dict):
            missing = found is not None or name in ("", "data", "pagination", "reminder")
            return [f"{path}: no object"] if missing else []
        if name.endswith("_by_date"):
            good = len(found) == 1 and all(map(DAY.fullmatch, found))
            numbers = all(right_kind("", "number", each) for each in found.values())
            return [] if good and numbers else [f"{path}: {found!r}"]
        wrong = []
        for key, below in example.items():
            if key not in found:
                wrong.append(f"{path}/{key}: missing")
            else:
                wrong += mismatches(below, found[key], key, path=f"{path}/{key}")
        return wrong
    if isinstance(example, list):
        if not isinstance(found, list):
            return [f"{path}: no list"]
        return [m for each in found for m in mismatches(example[0], each, name, path=path)]
    return [] if found is None or right_kind(name, example, found) else [f"{path}: {found!r}"]


def right_kind(name: str, documented: str, value) -> bool:
    if documented == "object":
        return isinstance(value, dict)
    if name in FLAGS:
        return isinstance(value, bool)
    if name in NUMBERS or documented == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if name == "identifiable":
        return isinstance(value, str | dict)
    if not isinstance(value, str):
        return False
    return bool(TIME.fullmatch(value)) if name.endswith("_at") else True


def documented(operation) -> dict:
    """The example of the answer, without the slips of the reference."""
    example, slip = operation["response"], SLIPS.get((operation["method"], operation["path"]))
    return (
        {**example, "data": {k: v for k, v in example["data"].items() if k != slip}}
        if slip
        else example
    )


def compared(operation, response) -> list[str]:
    expected = int(operation["statuses"][0].split()[0])
    if response.status_code != expected:
        return [f"{response.status_code} instead of {expected}: {response.content[:300]!r}"]
    if "response" not in operation:
        return []
    example, found = documented(operation), response.json()
    data, given = example["data"], found["data"]
    # An index answers a list, also where the reference shows one object.
    if isinstance(given, list) and isinstance(data, dict):
        example = {**example, "data": [data]}
    wrong = mismatches(example, found)
    return wrong if given else [*wrong, "empty"]


def test_every_documented_operation(world, capsys):
    """Prints how many of the 55 answer as documented."""
    table = calls(world)
    assert table.keys() == OPERATIONS.keys()
    wrong = {}
    for (method, path), (given, body) in table.items():
        found = compared(OPERATIONS[method, path], call(world, method, path, given, body))
        if found:
            wrong[f"{method} {path}"] = found
    with capsys.disabled():
        print(f"\ncontract: {len(table) - len(wrong)} of {len(table)}")
    assert not wrong


def members(example, path=()):
    """The documented members of a resource, down to the last: a name's path in the document."""
    if isinstance(example, list):
        yield from members(example[0], path)
    elif isinstance(example, dict):
        for name, below in example.items():
            if name.endswith("_by_date"):
                yield (*path, name)
            else:
                yield from members(below, (*path, name))
    else:
        yield path


def values(found, path):
    """All that stands there, in each row of each list on the way."""
    if isinstance(found, list):
        for each in found:
            yield from values(each, path)
    elif not path:
        yield found
    elif isinstance(found, dict):
        yield from values(found.get(path[0]), path[1:])


LISTS = [
    "/api/v1/public/reference_requests",
    "/api/activities",
    "/api/v1/users",
    "/api/v1/hiring_firms",
    "/api/v1/questions",
    "/api/v2/recruiters",
    "/api/v3/candidates",
    "/api/v1/question_sets",
    "/api/v2/references",
    "/api/v3/metadata",
]
# Documented one by one only: all that the demo has of them.
SHOWN = {
    "/api/v1/answers/{id}": "/api/v1/answers",
    "/api/v1/profiles/{id}": "/api/v1/profiles",
    "/api/v1/hiring_firms/{id}/analytics": "/api/v1/hiring_firms",
    "/api/v1/recruiters/{id}/analytics": "/api/v2/recruiters",
}


def everything(asking, path) -> list:
    found, page, pages = [], 1, 1
    while page <= pages:
        answer = asking.get(f"{path}?page[page]={page}&page[page_size]=100").json()
        found += answer["data"]
        page, pages = page + 1, answer["pagination"]["total_pages"]
    return found


@pytest.mark.parametrize("path", [*LISTS, *SHOWN])
def test_each_documented_member_is_somewhere_not_null_in_the_demo(world, path):
    asking, operation = client(world.root), OPERATIONS["GET", path]
    if path in SHOWN:
        rows = everything(asking, SHOWN[path])
        found = [asking.get(path.format(id=row["id"])).json()["data"] for row in rows]
    else:
        found = everything(asking, path)
    kind = found[0][0]["type"] if isinstance(found[0], list) else found[0]["type"]
    missing = []
    for where in members(documented(operation)["data"]):
        if where[-1] in ALWAYS_NULL or (kind, *where[1:2]) in NULL_RELATIONSHIPS:
            continue
        if all(each in (None, "", []) for each in values(found, where)):
            missing.append("/".join(where))
    assert not missing
