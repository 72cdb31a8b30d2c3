"""What every document shows of the firm, and of one person who was asked."""

import json
from uuid import UUID

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from apps.answers.models import Answer, normalized
from apps.documents.contents.words import clean, long_text

CLIENTS, CANDIDATE, RECRUITER = "clients", "candidate", "recruiter"
PERMISSION = {CLIENTS: "permission_share_clients", CANDIDATE: "permission_share_candidate"}
# Where anybody can have an address: it says nothing about an employer.
PUBLIC_MAIL = {
    "gmail.com", "hotmail.com", "hotmail.ca", "outlook.com", "live.ca", "live.com", "msn.com",
    "yahoo.com", "yahoo.ca", "yahoo.fr", "icloud.com", "me.com", "proton.me", "protonmail.com",
    "videotron.ca", "sympatico.ca", "bell.net",
}  # fmt: skip


def firm_of(firm) -> dict:
    return {
        "name": clean(firm.name),
        "colour": firm.colour,
        "address": clean(firm.address),
        "phone": clean(firm.phone),
        "logo": firm.logo.name or "",
        "score_display": firm.score_display,
    }


def shares(reference, audience: str) -> bool:
    """Whether the reference lets this audience read its answers; silence is no yes."""
    return audience == RECRUITER or getattr(reference, PERMISSION[audience]) is True


def local(moment):
    """The firm's time, as the document prints it."""
    return timezone.localtime(moment) if moment else None


def person(reference, said: list[dict], language: str) -> dict:
    """Who answered and what, how they know the candidate as stated and as corrected, and when."""
    given = reference.answer_set
    return {
        "id": str(reference.pk),
        "name": clean(reference.full_name),
        "company": clean(reference.company_name),
        "is_manager": is_manager(reference),
        "relationship": clean(reference.relationship_label(language, corrected=False)),
        "corrected": clean(reference.relationship_label(language))
        if reference.corrected_relationship
        and reference.corrected_relationship != reference.relationship
        else "",
        "period": (reference.started_on, reference.ended_on),
        "corrected_period": (reference.corrected_started_on, reference.corrected_ended_on),
        "domain": reference.email.rpartition("@")[2],
        "public_mail": reference.email.rpartition("@")[2] in PUBLIC_MAIL,
        "language": given.language,
        "asked_at": local(reference.sent_at),
        "answered_at": local(reference.filled_at),
        "hours": hours(reference),
        "minutes": minutes(reference),
        "typed_by": clean(given.typed_by.full_name) if given.typed_by else "",
        "score": reference.score,
        "share_clients": reference.permission_share_clients,
        "share_candidate": reference.permission_share_candidate,
        "said": said,
    }


def is_manager(reference) -> bool:
    """As the reference says, where it corrected the candidate."""
    corrected = reference.hiring_firm.relationship(reference.corrected_relationship)
    return corrected["is_manager"] if corrected else reference.is_manager


def hours(reference) -> int | None:
    """From the invitation to the answers."""
    if not reference.sent_at or not reference.filled_at:
        return None
    return max(0, round((reference.filled_at - reference.sent_at).total_seconds() / 3600))


def minutes(reference) -> int | None:
    """From the first saved answer to the last; unknown when they came at once."""
    if not reference.started_at or not reference.filled_at:
        return None
    taken = (reference.filled_at - reference.started_at).total_seconds() / 60
    return max(1, round(taken)) if taken <= 180 else None


def said_by(references) -> dict[UUID, list[dict]]:
    """What they answered, in order, as it is kept, by answer set: one query of what is shown and no
    more, for it is the most of what a stored report waits for."""
    columns = (
        "position", "question_text", "category", "type", "language", "value", "scale", "min",
        "max", "weight", "not_applicable", "comment",
    )  # fmt: skip
    sets = [reference.answer_set.pk for reference in references]
    found = {key.hex: [] for key in sets}
    # The set's id as text: hundreds of UUIDs would take a third of the time on SQLite.
    rows = Answer.objects.filter(answer_set__in=sets).order_by("position")
    for row in rows.values(*columns, of=Cast("answer_set_id", CharField())):
        found[row.pop("of").replace("-", "")].append(row)
    return {key: found[key.hex] for key in sets}


def answers(person: dict, shown: dict, language: str) -> list[dict]:
    """Each answer under its question, in the reader's language where the request was frozen in it.

    What people wrote stays in the language they wrote it in. Put into words only for print.
    """
    questions, request = shown["questions"], shown["request"]
    asked = questions.get(person["language"]) or questions[request["language"]]
    read = questions.get(language) or asked
    name = shown["candidate"]["first_name"]
    found = []
    for answer in person["said"]:
        theirs = _at(asked, answer)
        ours = _at(read, answer) or theirs
        text = (ours or {}).get("text", "").replace("{first_name}", name)
        found.append(
            answer
            | {
                "number": answer["position"] + 1,
                "question": clean(text or answer["question_text"]),
                "label": _label(ours, answer),
                "points": normalized(answer["scale"], answer["min"], answer["max"]),
                "skipped": not answer["value"],
                "value": _value(answer, theirs, ours),
                "comment": long_text(answer["comment"]),
            }
        )
    return found


def _at(questions: list[dict], answer) -> dict | None:
    """The frozen question of an answer, as long as it still is the one that was asked."""
    question = questions[answer["position"]] if answer["position"] < len(questions) else None
    return question if question and question["type"] == answer["type"] else None


def _label(question: dict | None, answer) -> str:
    labels = (question or {}).get("labels") or []
    at = None if answer["scale"] is None else answer["scale"] - answer["min"]
    return clean(labels[at]) if at is not None and at < len(labels) else ""


def _value(answer, theirs: dict | None, ours: dict | None):
    """As it is printed: choices in the reader's language, a day as a date, words as written."""
    if not answer["value"] or answer["not_applicable"]:
        return ""
    match answer["type"]:
        case "boolean":
            return _("Yes") if answer["value"] == "true" else _("No")
        case "date":
            return parse_date(answer["value"]) or clean(answer["value"])
        case "choice":
            return _choice(answer["value"], theirs, ours)
        case "multiple_choice":
            return "; ".join(_choice(each, theirs, ours) for each in json.loads(answer["value"]))
        case "scale":
            return answer["value"]
    return long_text(answer["value"])


def _choice(text: str, theirs: dict | None, ours: dict | None) -> str:
    written = (theirs or {}).get("choices") or []
    shown = (ours or {}).get("choices") or []
    if text in written and written.index(text) < len(shown):
        text = shown[written.index(text)]
    return clean(text)
