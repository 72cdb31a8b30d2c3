"""docs/jsonapi.md names tests that exist."""

import re
from pathlib import Path

HERE = Path(__file__).parent


def test_every_test_that_the_checklist_names_exists():
    named = set(re.findall(r"`(test_\w+)`", (HERE.parents[1] / "docs" / "jsonapi.md").read_text()))
    written = set()
    for file in HERE.glob("test_*.py"):
        written |= set(re.findall(r"^def (test_\w+)", file.read_text(), re.M))
    assert len(named) > 30 and not named - written
