"""Figures of a report: always from the answers that it shows, and from nothing else."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from apps.documents.contents.people import answers

CENT = Decimal("0.01")
STRONG, WEAK, APART = Decimal(4), Decimal(3), Decimal(2)
FEW = 800  # letters
SAYS = 25  # letters: what is shorter, “Yes.” or “Nothing to add.”, says nothing on its own


# The library's categories have names in both languages; a firm's own stand as written.
CATEGORIES = {
    "facts": pgettext_lazy("category", "Facts"),
    "skills": pgettext_lazy("category", "Skills"),
    "reliability": pgettext_lazy("category", "Reliability"),
    "teamwork": pgettext_lazy("category", "Teamwork"),
    "communication": pgettext_lazy("category", "Communication"),
    "integrity": pgettext_lazy("category", "Integrity"),
    "learning": pgettext_lazy("category", "Learning"),
    "leadership": pgettext_lazy("category", "Leadership"),
    "results": pgettext_lazy("category", "Results"),
    "customers": pgettext_lazy("category", "Customers"),
    "overall": pgettext_lazy("category", "Overall"),
    "": pgettext_lazy("category", "Other questions"),
}


def category_label(key: str) -> str:
    return str(CATEGORIES.get(key) or key[:1].upper() + key[1:])


def mean(pairs) -> Decimal | None:
    """The weighted mean of (value, weight), to two decimals; None of nothing."""
    pairs = list(pairs)
    total = sum(weight for _value, weight in pairs)
    if not total:
        return None
    return (sum(value * weight for value, weight in pairs) / total).quantize(CENT, ROUND_HALF_UP)


def plain_mean(values) -> Decimal | None:
    return mean((value, 1) for value in values if value is not None)


def figures(shown: dict, language: str) -> dict:
    """All that is worked out of what a document shows, and printed with it."""
    people = []
    for person in shown.get("people", []):
        said = answers(person, shown, language)
        people.append(person | {"answers": said, "groups": grouped(said)})
    if not people:
        return {}
    found = summary(people)
    return {
        "people": people,
        "summary": found,
        "strengths": strengths(people, found["categories"]),
        "watched": watched(people, found["categories"]),
        "quotes": quotes(people),
        "integrity": integrity(people, shown["traces"], shown["origin"])
        if "traces" in shown
        else [],
    }


def summary(people: list[dict]) -> dict:
    """The score, by category, managers against all, how far apart people are, how long it took."""
    scored = [each for each in people if each["score"] is not None]
    managers = [each for each in scored if each["is_manager"]]
    scores = [each["score"] for each in scored]
    hours = [each["hours"] for each in people if each["hours"] is not None]
    return {
        "score": plain_mean(scores),
        "count": len(scored),
        "managers": plain_mean(each["score"] for each in managers),
        "manager_count": len(managers),
        "low": min(scores, default=None),
        "high": max(scores, default=None),
        "median_hours": round(median(hours)) if hours else None,
        "categories": categories(people),
    }


def categories(people: list[dict]) -> list[dict]:
    """In the order they are asked, each with its answers; those without a figure come not."""
    points, managers, labels = defaultdict(list), defaultdict(list), {}
    for each in people:
        for answer in each["answers"]:
            if answer["points"] is None:
                continue
            pair = (answer["points"], answer["weight"])
            points[answer["category"]].append(pair)
            labels.setdefault(answer["category"], answer["position"])
            if each["is_manager"]:
                managers[answer["category"]].append(pair)
    found = []
    for key in sorted(points, key=labels.get):
        values = [value for value, _weight in points[key]]
        found.append(
            {
                "key": key,
                "label": category_label(key),
                "average": mean(points[key]),
                "managers": mean(managers[key]),
                "low": min(values),
                "high": max(values),
                "count": len(values),
            }
        )
    return found


def strengths(people: list[dict], found: list[dict]) -> list[dict]:
    """The best categories, with what people wrote on the questions they rated high."""
    best = [each for each in found if each["average"] >= STRONG]
    best.sort(key=lambda each: -each["average"])
    return [
        {
            **each,
            "questions": _questions(
                people, each["key"], lambda points: points >= STRONG, best=True
            ),
            "quotes": _quotes(people, each["key"], lambda points: points >= STRONG),
        }
        for each in best[:3]
    ]


def watched(people: list[dict], found: list[dict]) -> list[dict]:
    """Categories with a low answer, or with answers far apart; the lowest first."""
    doubtful = [
        each for each in found if each["low"] <= WEAK or each["high"] - each["low"] >= APART
    ]
    doubtful.sort(key=lambda each: (each["low"], each["average"]))
    return [
        {
            **each,
            "apart": each["high"] - each["low"] >= APART,
            "questions": _questions(people, each["key"], lambda points: points <= WEAK, best=False),
            "quotes": _quotes(people, each["key"], lambda points: points <= WEAK),
        }
        for each in doubtful[:4]
    ]


def _questions(people, key, fits, *, best: bool) -> list[dict]:
    """The answers that speak for it, by question: who said what; at most three questions."""
    said: dict[int, dict] = {}
    for each in people:
        for answer in each["answers"]:
            if answer["category"] != key or answer["points"] is None or not fits(answer["points"]):
                continue
            question = said.setdefault(
                answer["position"], {"text": answer["question"], "points": [], "answers": {}}
            )
            question["points"].append(answer["points"])
            same = question["answers"].setdefault(
                answer["scale"], {"scale": answer["scale"], "label": answer["label"], "who": []}
            )
            same["who"].append(each["name"])
    found = sorted(said.values(), key=lambda question: plain_mean(question["points"]), reverse=best)
    for question in found:
        question["answers"] = sorted(
            question["answers"].values(), key=lambda same: same["scale"], reverse=best
        )
    return found[:3]


def _quotes(people, key, fits) -> list[dict]:
    """Comments given with such an answer; short ones that say something first, at most two."""
    found = [
        {"text": answer["comment"], "who": each["name"], "language": answer["language"]}
        for each in people
        for answer in each["answers"]
        if answer["category"] == key
        and len(answer["comment"]) >= SAYS
        and answer["points"] is not None
        and fits(answer["points"])
    ]
    return sorted(found, key=lambda quote: len(quote["text"]))[:2]


def quotes(people: list[dict]) -> list[dict]:
    """In their own words: the first text that each wrote and that says something."""
    found = []
    for each in people:
        texts = [a for a in each["answers"] if a["type"] == "text" and len(a["value"]) >= SAYS]
        if texts:
            found.append(
                {
                    "text": texts[0]["value"],
                    "question": texts[0]["question"],
                    "who": each["name"],
                    "is_manager": each["is_manager"],
                    "language": texts[0]["language"],
                }
            )
    return found


def grouped(answers: list[dict]) -> list[dict]:
    """One person's answers by category, in the order in which categories were first asked. A group
    of few words stays whole on its page."""
    groups: dict[str, list[dict]] = {}
    for answer in answers:
        groups.setdefault(answer["category"], []).append(answer)
    return [
        {
            "label": category_label(key),
            "answers": each,
            "whole": sum(len(str(a["value"])) + len(a["comment"]) for a in each) < FEW,
        }
        for key, each in groups.items()
    ]


def integrity(people: list[dict], traces: dict[str, dict], candidate: dict) -> list[dict]:
    """What a careful reader would want to know, each thing once, with whom it is about; notes, not
    verdicts."""
    as_candidate, at_candidates, by_address, typed = [], [], defaultdict(list), defaultdict(list)
    for each in people:
        trace, name = traces[each["id"]], each["name"]
        if trace["ip"]:
            by_address[trace["ip"]].append(name)
            if trace["ip"] == candidate["ip"]:
                as_candidate.append(name)
        if any(trace[way] and trace[way] == candidate[way] for way in ("email", "phone")):
            at_candidates.append(name)
        if each["typed_by"]:
            typed[each["typed_by"]].append(name)
    themselves = [each for each in people if not each["typed_by"]]
    notes = [
        (_("Answers from the same internet address as the candidate"), as_candidate),
        (_("Reached at an address of the candidate’s"), at_candidates),
        *((_("Answers from one internet address"), who) for who in by_address.values() if who[1:]),
        *(
            (_("Typed in by %(recruiter)s, from what was said") % {"recruiter": recruiter}, who)
            for recruiter, who in typed.items()
        ),
        (
            _("All answers within about a minute"),
            [each["name"] for each in themselves if each["minutes"] == 1],
        ),
        (
            _("Corrected the relationship that the candidate gave"),
            [each["name"] for each in people if each["corrected"]],
        ),
        (
            _("Reached at a personal address, not at an employer’s"),
            [each["name"] for each in themselves if each["public_mail"]],
        ),
    ]
    return [{"what": what, "who": who} for what, who in notes if who]
