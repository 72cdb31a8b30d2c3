"""Each figure against a small set that was counted by hand."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from apps.answers.actions import submit_answers
from apps.references.models import Reference
from tests.conftest import (
    answers_to,
    client_of,
    fill,
    make_candidate,
    make_reference,
    make_request,
)

# In Montréal the clocks went forward on 8 March 2026.
NOW = datetime(2026, 3, 20, 16, tzinfo=UTC)


@pytest.fixture
def march(firm):
    type(firm).objects.filter(pk=firm.pk).update(time_zone="America/Toronto")
    with time_machine.travel(NOW, tick=False):
        yield


def of(who, path, **days):
    query = {f"filter[{name}]": day for name, day in days.items()}
    answer = client_of(who).get(f"/api/{path}/analytics", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def days(figures, name):
    return {day: count for each in figures[name] for day, count in each.items()}


@pytest.fixture
def counted(march, alice, bob, charlie, question_set):
    """Bob's: one filled after 10 hours; one that he typed after 20, which nobody had opened; one
    declined, one started, one opened, one contacted, one not; one filled, then deleted. Alice's:
    one filled after 2 hours. Charlie's one is another firm's."""
    start = datetime(2026, 3, 18, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        request_of = {
            by: make_request(make_candidate(by), question_set, min_references=9)
            for by in (bob, alice, charlie)
        }

    def asked(by, hours, *acts):
        with time_machine.travel(start, tick=False):
            number = Reference.objects.count()
            found = make_reference(request_of[by], email=f"r{number}@reference.example")
        with time_machine.travel(start + timedelta(hours=hours), tick=False):
            for act in acts:
                act(found)
        return found

    def typed(reference):
        submit_answers(reference, answers_to(reference.questions, 2), by=bob)

    asked(bob, 10, Reference.open, Reference.start, fill)
    asked(bob, 20, typed)
    asked(bob, 1, Reference.open, Reference.decline)
    asked(bob, 1, Reference.open, Reference.start)
    asked(bob, 1, Reference.open)
    asked(bob, 1)
    never = asked(bob, 1)
    Reference.objects.filter(pk=never.pk).update(sent_at=None, status="created")
    asked(bob, 30, Reference.open, fill, lambda reference: reference.remove(bob))
    asked(alice, 2, Reference.open, fill)
    asked(charlie, 1, Reference.open, fill)


def test_a_firms_figures(counted, alice, bob, firm):
    found = of(alice, f"v1/hiring_firms/{firm.pk}")
    figures, meta = found["data"]["attributes"], found["meta"]
    assert figures["total_candidates"] == 2
    assert figures["total_references"] == 7  # six of Bob's that are left and were contacted
    assert figures["completed_references"] == 3
    assert figures["avg_reference_completion_time"] == 10.67  # of 10, 20 and 2
    assert figures["avg_candidates_score"] == 3.5  # Bob's 3, of 4 and 2; Alice's 4
    assert figures["top_recruiters"] == [
        {"name": "Bob Tremblay", "total_references": 6, "completed_references": 2},
        {"name": "Alice Tremblay", "total_references": 1, "completed_references": 1},
    ]
    assert days(figures, "candidate_count_by_date")["2026-03-18"] == 2
    assert days(figures, "reference_count_by_date")["2026-03-18"] == 7
    assert meta["median_reference_completion_time"] == 10
    assert meta["median_candidates_score"] == 3.5
    assert meta["funnel"] == {
        "contacted": 7,
        "opened": 6,  # what Bob typed passed by here
        "started": 4,
        "filled": 3,
        "declined": 1,
    }


def test_a_recruiters_figures(counted, bob, alice):
    found = of(bob, f"v1/recruiters/{bob.pk}")
    figures = found["data"]["attributes"]
    assert (figures["total_candidates"], figures["total_references"]) == (1, 6)
    assert figures["completed_references"] == 2
    assert figures["avg_reference_completion_time"] == 15
    assert figures["avg_candidates_score"] == 3
    assert found["meta"]["funnel"] == {
        "contacted": 6, "opened": 5, "started": 3, "filled": 2, "declined": 1,
    }  # fmt: skip
    assert found == of(alice, f"v1/recruiters/{bob.pk}")


def test_a_firm_of_nothing(march, alice, firm):
    found = of(alice, f"v1/hiring_firms/{firm.pk}")
    figures = found["data"]["attributes"]
    assert (figures["total_candidates"], figures["total_references"]) == (0, 0)
    assert figures["avg_reference_completion_time"] is figures["avg_candidates_score"] is None
    assert figures["top_recruiters"] == [] and set(found["meta"]["funnel"].values()) == {0}


@pytest.mark.parametrize(
    ("made", "day"),
    [
        (datetime(2026, 2, 19, 4, 59, tzinfo=UTC), None),  # 23:59 on the 18th: 31 days ago
        (datetime(2026, 2, 19, 5, 0, tzinfo=UTC), "2026-02-19"),
        (datetime(2026, 3, 8, 4, 59, tzinfo=UTC), "2026-03-07"),  # winter time
        (datetime(2026, 3, 8, 5, 0, tzinfo=UTC), "2026-03-08"),
        (datetime(2026, 3, 9, 3, 59, tzinfo=UTC), "2026-03-08"),  # summer time: a day of 23 hours
        (datetime(2026, 3, 9, 4, 0, tzinfo=UTC), "2026-03-09"),
        (datetime(2026, 3, 20, 3, 59, tzinfo=UTC), "2026-03-19"),
        (datetime(2026, 3, 20, 4, 0, tzinfo=UTC), "2026-03-20"),
    ],
)
def test_a_day_is_the_firms_and_thirty_are_there(march, alice, firm, made, day):
    candidate = make_candidate(alice)
    type(candidate).objects.update(created_at=made)
    path = f"v1/hiring_firms/{firm.pk}"
    figures = of(alice, path)["data"]["attributes"]
    for name in ("candidate_count_by_date", "reference_count_by_date"):
        assert len(days(figures, name)) == len(figures[name]) == 30
        assert [min(days(figures, name)), max(days(figures, name))] == ["2026-02-19", "2026-03-20"]
    counts = days(figures, "candidate_count_by_date")
    assert {each for each, count in counts.items() if count} == ({day} if day else set())
    if day:
        alone = of(alice, path, **{"from": day, "to": day})["data"]["attributes"]
        assert alone["total_candidates"] == 1
        assert alone["candidate_count_by_date"] == [{day: 1}]
