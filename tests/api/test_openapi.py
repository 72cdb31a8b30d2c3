"""The OpenAPI document: valid, closed, with examples, and true of real answers."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.api.operations import World, ask, operations
from tests.api.world import STRICT, client
from vitay.api import rendered_schema
from vitay.openapi import DESCRIPTIONS, EXAMPLES

JSON = "application/json"
CONTRACT = Path(__file__).parent.parent / "contract.json"


@pytest.fixture(scope="module")
def schema():
    response = client().get("/api/schema")
    return json.loads(response.content)


@pytest.fixture
def world(alice, bob, charlie, staff, question_set, firm):
    return World(alice, bob, charlie, staff, question_set, firm)


def each_operation(schema):
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_it_is_valid_openapi_31(schema):
    assert schema["openapi"].startswith("3.1")
    validate(schema)


@pytest.mark.parametrize("page", ["/api/schema", "/api/v3/api/postman/collection"])
def test_strangers_have_it_built_once(page):
    etag = client().get(page)["ETag"]
    built = rendered_schema.cache_info().misses
    assert client().get(page, HTTP_IF_NONE_MATCH=etag).status_code == 304
    assert rendered_schema.cache_info().misses == built == 1


def test_it_describes_every_operation(schema):
    assert {(method, path) for method, path, _ in each_operation(schema)} == operations()


def test_what_is_told_of_operations_is_told_of_those_there_are(schema):
    told = json.loads(DESCRIPTIONS.read_text())
    said = {
        f"{method} {path}": each["description"] for method, path, each in each_operation(schema)
    }
    assert told.items() <= said.items()


def test_what_is_ours_stands_under_a_heading_of_its_own(schema):
    contract = json.loads(CONTRACT.read_text())["operations"]
    theirs = {
        (method, path)
        for method, path, operation in each_operation(schema)
        if "beyond the reference" not in operation["tags"][0]
    }
    assert theirs == {(each["method"], each["path"]) for each in contract}


def test_each_operation_says_in_words_what_it_does(schema):
    said = [operation["summary"] for _, _, operation in each_operation(schema)]
    assert not [each for each in said if ":" in each and not each.startswith("Refused")]
    assert not [each for each in said if re.match("(Get|Post|Patch) ", each)]


def requests_of(items):
    for each in items:
        yield from requests_of(each["item"]) if "item" in each else [each["request"]]


def test_postman_runs_on_the_variables_of_its_environment(world):
    environment = client(world.alice.user).get("/api/v3/api/postman").json()["values"]
    known = {each["key"] for each in environment}
    found = client().get("/api/v3/api/postman/collection").json()
    used = set(re.findall(r"{{(\w+)}}", json.dumps(found)))
    assert used == known
    [login] = [
        each["body"]["raw"] for each in requests_of(found["item"]) if "login" in each["url"]["path"]
    ]
    assert json.loads(login) == {"email": "{{email}}", "password": "{{password}}"}


def test_no_schema_is_open_or_empty(schema):
    empty = []

    def walk(node, path):
        if isinstance(node, dict):
            if "schema" in node and node["schema"] in ({}, {"type": "object"}):
                empty.append(path)
            for name, below in node.items():
                if name == "properties":
                    empty.extend(f"{path}/{k}" for k, v in below.items() if v == {})
                walk(below, f"{path}/{name}")
        elif isinstance(node, list):
            for below in node:
                walk(below, path)

    walk(schema, "")
    assert not empty


def test_no_server_error_is_documented(schema):
    assert not [
        (method, path)
        for method, path, operation in each_operation(schema)
        if any(status.startswith("5") for status in operation["responses"])
    ]


def test_answers_and_bodies_have_examples(schema):
    missing = []
    for method, path, operation in each_operation(schema):
        bodies = operation.get("requestBody", {}).get("content", {})
        contents = {"request": bodies}
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                contents[status] = response.get("content", {})
        for part, kinds in contents.items():
            for kind, content in kinds.items():
                told = kind in (JSON, STRICT) and "example" not in content
                if told and "{relationship}" not in path:
                    missing.append(f"{method} {path} {part} {kind}")
    assert not missing, "\n".join(missing)


def test_real_answers_fit_the_document(world, schema, capsys, request):
    """Every operation, as a root recruiter, in both media types. `--examples` writes them down."""
    wrong, examples = [], {}
    for method, path in sorted(operations()):
        operation = schema["paths"][path][method.lower()]
        for strict in (False, True):
            body, response = ask(world, method, path, "root", strict=strict)
            kind = response.headers.get("Content-Type", "")
            known = operation["responses"].get(str(response.status_code))
            if known is None:
                wrong.append(f"{method} {path}: {response.status_code} is not documented")
                continue
            if "$ref" in known:
                known = schema["components"]["responses"][known["$ref"].rpartition("/")[2]]
            if not response.content or kind == "application/pdf":
                continue
            if kind not in known.get("content", {}):
                wrong.append(f"{method} {path}: {kind} is not documented")
                continue
            found = json.loads(response.content)
            if response.status_code < 300:
                kept = examples.setdefault(f"{method} {path}", {"request": {}, "responses": {}})
                if body is not None:
                    kept["request"][STRICT if strict and "data" in body else JSON] = shortened(body)
                kept["responses"].setdefault(str(response.status_code), {})[kind] = shortened(found)
            rule = {**known["content"][kind]["schema"], "components": schema["components"]}
            for error in Draft202012Validator(rule).iter_errors(found):
                where = "/".join(map(str, error.absolute_path))
                wrong.append(f"{method} {path} {kind} {where}: {error.message[:200]}")
    if request.config.getoption("--examples"):
        EXAMPLES.write_text(json.dumps(examples, indent=1, sort_keys=True) + "\n")
    with capsys.disabled():
        print(f"\nopenapi: {len(examples)} operations answered as documented")
    assert not wrong, "\n".join(wrong)


def shortened(document: dict) -> dict:
    """An example shows one row of a list, and no token."""
    short = dict(document)
    for name in ("data", "included", "item"):
        if isinstance(short.get(name), list):
            short[name] = short[name][:1]
    if "item" in short:
        short["item"][0] = {"name": short["item"][0]["name"]}
    return json.loads(re.sub(r'"eyJ[^"]+"', '"eyJhbGciOi…"', json.dumps(short)))


def test_the_documentation_is_served_from_here():
    page = client().get("/api/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "swagger-ui" in text and "cdn" not in text and "<style" not in text
    assert "http" not in text.replace("http-equiv", "")
    script = client().get("/api/docs?script=")
    assert script.status_code == 200 and b"/api/schema" in script.content
    assert b"docExpansion" in script.content  # 171 operations open at once take seconds
    assert "default-src" in page.headers["Content-Security-Policy"]
