"""Schemathesis over the OpenAPI document, all its checks: nothing undocumented comes back.

Every schema is covered (each bound, each kind, each member missing), then generated from. The
tests take a sample of some hundreds; `FUZZ_EXAMPLES=5000 pytest tests/api/test_fuzz.py` takes
more than so many, and `FUZZ_EXAMPLES=12000` everything that covers.
"""

import contextlib
import json
import os
from collections import Counter, defaultdict

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase
from hypothesis import settings as limits
from hypothesis.errors import Flaky
from schemathesis.core.failures import AcceptedNegativeData, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.hypothesis.builder import (
    HypothesisTestConfig,
    HypothesisTestMode,
    create_test,
)
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData

from tests.api.operations import World
from tests.api.world import STRICT

pytestmark = pytest.mark.fuzz

LEAST, COVERING = 300, 12_000  # about so many cover all schemas
WANTED = int(os.environ.get("FUZZ_EXAMPLES", LEAST))
EVERY = max(1, COVERING // WANTED)  # of those that cover
DRAWN = max(1, WANTED // LEAST)  # of each operation, beside them
ACCEPTS = ("application/json", STRICT)
# What no schema can say: a well-formed document is refused (422) about these fields, or with
# these codes, because of a rule. About any other field, the schema would be wrong.
RULES = {
    "": "what its state allows",
    "answers": "they fit the questions of this reference",
    "choices": "for questions that have some; all different",
    "company_name": "findings are about the fields of this claim",
    "country_code": "one that exists",
    "email": "a domain name's lengths",
    "ended_on": "not before it began",
    "findings": "about the fields of this claim, and of no other",
    "file": "a CSV's columns and rows",
    "job_title": "findings are about the fields of this claim",
    "labels": "as many as the scale has points",
    "logo_file": "a picture",
    "max": "above min",
    "min": "below max",
    "min_manager_references": "among min_references",
    "password": "no common one",
    "phone": "a number of its country's plan",
    "question_set": "one with questions",
    "relationship": "one of the firm's",
    "relationship_choices": "with different keys",
    "reset_key": "one that was sent",
    "time_zone": "one that exists",
}
CODES = {
    "ambiguous",  # the same under two spellings, with different values
    "min_value",  # the bounds of a number that the documented shape takes as a string
    "max_value",
}
# The same of query parameters (400).
PARAMETERS = {
    "page_too_large",  # in JSON:API; the documented shape gives what there is at most
    "bad_span",  # days after each other, in our time, a year at most
    "bad_audience",  # a profile and an invoice have one
}


class Judge:
    """Counts what was asked, and keeps what failed."""

    def __init__(self, bearer: str):
        self.bearer, self.made, self.failures = bearer, Counter(), defaultdict(list)

    def headers(self, accept: str) -> dict:
        return {"Accept": accept, "Authorization": self.bearer}

    def check(self, case, response, accept: str, **context) -> None:
        self.made["examples"] += 1
        try:
            case.validate_response(response, headers=self.headers(accept), **context)
        except FailureGroup as group:
            for failure in group.exceptions:
                if isinstance(failure, RejectedPositiveData) and by_rule(response):
                    continue
                if isinstance(failure, AcceptedNegativeData) and (
                    says_nothing(case) or mended(case)
                ):
                    continue
                name = f"{case.operation.label} {type(failure).__name__}"
                self.failures[name].append(f"{failure}\n{case.as_curl_command()}"[:2000])

    def sentence(self) -> str:
        found = [f"{name}, {len(all)} times:\n{all[0]}" for name, all in self.failures.items()]
        return "\n\n".join(found)


def by_rule(response) -> bool:
    """Whether a rule refused a document that was well formed."""
    if response.status_code not in (400, 422):
        return False
    errors = json.loads(response.content)["errors"]
    if response.status_code == 400:
        return {each["code"] for each in errors} <= PARAMETERS
    fields = [each.get("meta", {}).get("field", "").partition(".")[0] for each in errors]
    return bool(errors) and all(
        field in RULES or each["code"] in CODES for field, each in zip(fields, errors, strict=True)
    )


def says_nothing(case) -> bool:
    """Names that are empty are passed over: on the wire, a list of one is an empty list."""
    values = ([""] if value is None else value for value in (case.query or {}).values())
    return any("" in (v if isinstance(v, list) else str(v).split(",")) for v in values)


def mended(case) -> bool:
    """In a chain, what an answer gave took the place of what was wrong; its mark stayed."""
    return case.meta.phase.data.description == "Default positive test case"


@pytest.fixture
def one_connection():
    """As Django's test client does: a request ends without closing the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(alice, bob, charlie, staff, question_set, firm):
    return World(alice, bob, charlie, staff, question_set, firm)


@pytest.fixture
def described(one_connection, world):
    schema = schemathesis.openapi.from_wsgi("/api/schema", get_wsgi_application())
    # Refused everywhere, which no schema says: tests/jsonapi/test_hostile.py.
    schema.config.generation.update(allow_x00=False, with_security_parameters=False)
    return schema


@pytest.fixture
def judge(world, capsys):
    judge = Judge(world.tokens["root"]._credentials["HTTP_AUTHORIZATION"])
    yield judge
    with capsys.disabled():
        print(f"\nfuzz: {judge.made['examples']} examples, {len(judge.failures)} kinds of failure")


def bounded(**more):
    return limits(deadline=None, database=None, suppress_health_check=list(HealthCheck), **more)


def test_every_operation_is_as_described(world, described, judge):
    def one(case):
        judge.made["drawn"] += 1
        turn, phase = judge.made["drawn"], case.meta.phase.name
        if phase is TestPhase.COVERAGE and turn % EVERY:
            return
        path, method = case.operation.path, case.operation.method.upper()
        named = "id" in case.path_parameters and not case.meta.is_negative_at(
            ParameterLocation.PATH
        )
        if named and judge.made["examples"] % 3:
            case.path_parameters["id"] = str(world.target(method, path).pk)
        accept = ACCEPTS[judge.made["examples"] % 2]
        with transaction.atomic():
            response = case.call(headers=judge.headers(accept))
            judge.check(case, response, accept)
            transaction.set_rollback(True)

    for result in described.get_all_operations():
        config = HypothesisTestConfig(
            project=described.config,
            modes=list(HypothesisTestMode),
            settings=bounded(max_examples=DRAWN),
            seed=1,
        )
        create_test(operation=result.ok(), test_func=one, config=config)()
    assert not judge.failures, judge.sentence()


def test_what_was_made_is_there_until_it_is_removed(described, judge):
    """Calls that follow from one another, by the ids in the answers."""

    class Machine(described.as_state_machine()):
        def setup(self):
            self.undone = transaction.atomic()
            self.undone.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

        def before_call(self, case):
            self.accept = ACCEPTS[judge.made["examples"] % 2]
            case.headers = {**(case.headers or {}), **judge.headers(self.accept)}

        def validate_response(self, response, case, additional_checks=None, **kwargs):
            judge.check(case, response, self.accept, recorder=self.recorder)

    chains = bounded(
        max_examples=10,
        stateful_step_count=10,
        phases=[Phase.generate],
        derandomize=DRAWN == 1,  # the build tries the same every time, the long run something new
    )
    for _turn in range(DRAWN):
        # What may follow depends on the answers, which hold ids that never come twice: Hypothesis
        # takes offence, and begins anew.
        with contextlib.suppress(Flaky):
            Machine.run(settings=chains)
    assert not judge.failures, judge.sentence()
