"""Schemathesis over the OpenAPI document: nothing undocumented comes back, and never a 5xx."""

import os

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.operations import World
from tests.api.world import STRICT

# Each operation, in each media type and with good and with bad input: this many examples.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
MODES = {"good": GenerationMode.POSITIVE, "bad": GenerationMode.NEGATIVE}
# Documents are rendered by another process, and have tests of their own.
LEFT_OUT = ("/documents", "/postman/collection")


@pytest.fixture
def world(alice, bob, charlie, staff, question_set, firm):
    return World(alice, bob, charlie, staff, question_set, firm)


@pytest.fixture
def one_connection():
    """As Django's test client does: a request ends without closing the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.fuzz
@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("mode", MODES)
def test_nothing_undocumented(world, mode, capsys, settings):
    settings.API_RATE = 1_000_000
    schema = schemathesis.openapi.from_wsgi("/api/schema", get_wsgi_application())
    made, failures = 0, {}
    for result in schema.get_all_operations():
        operation = result.ok()
        path, method = operation.path, operation.method.upper()
        if path.endswith(LEFT_OUT):
            continue
        for accept in ("application/json", STRICT):
            try:
                made += thrown(world, operation, method, path, accept, MODES[mode])
            except Unsatisfiable:
                continue  # takes nothing that could be wrong
            except Exception as error:
                failures[f"{method} {path} {accept}"] = str(error)[:1500]
    with capsys.disabled():
        print(f"\nfuzz, {mode} input: {made} examples, {len(failures)} operations failed")
    assert not failures, "\n\n".join(f"{name}\n{text}" for name, text in failures.items())


def thrown(world, operation, method, path, accept, mode) -> int:
    made = 0
    bearer = world.tokens["root"]._credentials["HTTP_AUTHORIZATION"]

    @seed(1)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case):
        nonlocal made
        made += 1
        case.headers = {
            **(case.headers or {}),
            "Accept": accept,
            "Authorization": bearer,
        }
        if "id" in (case.path_parameters or {}) and made % 3:
            case.path_parameters["id"] = str(world.target(method, path).pk)
        cache.clear()
        with transaction.atomic():
            response = case.call()
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)

    one()
    return made
