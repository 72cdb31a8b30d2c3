"""docs/roles.md, cell by cell: for every operation and role the status that the table says."""

import re
from pathlib import Path

import pytest

from tests.api.operations import World, ask, operations

DOCS = Path(__file__).parent.parent.parent / "docs"
ROLES = ("nobody", "respondent", "recruiter", "root", "other root", "staff", "deactivated")
ROW = re.compile(r"\| `(\w+) (/api/\S+)` \| (.+) \|")


def table() -> dict:
    found = {}
    for line in (DOCS / "roles.md").read_text().splitlines():
        if match := ROW.fullmatch(line):
            method, path, cells = match.groups()
            found[method, path] = dict(
                zip(ROLES, (int(cell) for cell in cells.split(" | ")), strict=True)
            )
    return found


def test_every_operation_has_a_row():
    missing = operations() ^ table().keys()
    assert not missing


@pytest.fixture
def world(alice, bob, charlie, staff, question_set, firm):
    return World(alice, bob, charlie, staff, question_set, firm)


def test_each_cell_of_the_table(world, capsys):
    """Prints the number of requests made."""
    made, unexpected = 0, []
    for (method, path), row in table().items():
        for role, expected in row.items():
            made += 1
            _, response = ask(world, method, path, role)
            status = response.status_code
            if status != expected:
                unexpected.append(f"{method} {path} as {role}: {status}, not {expected}")
    with capsys.disabled():
        print(f"\nroles: {made} requests, {len(unexpected)} unexpected")
    assert not unexpected
