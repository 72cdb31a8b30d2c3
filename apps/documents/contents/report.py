"""What the candidates report and the references sheet show, for one audience and language."""

from collections import defaultdict

from apps.documents.contents.people import (
    RECRUITER,
    firm_of,
    local,
    person,
    said_by,
    shares,
)
from apps.documents.contents.words import clean, long_text
from apps.messaging.models import Message

SENT = (Message.Status.SENT, Message.Status.DELIVERED, Message.Status.OPENED)
INVITED = ("reference_invitation", "request_invitation")
TOLD = (*INVITED, "reference_reminder", "request_reminder")
LOG_LINES = 200
# Of a request and of each reference what is shown, and no more: the rest was most of what a stored
# report waits for.
OF_REQUEST = (
    "candidate", "position", "questions", "language", "status", "sent_at", "filled_at",
    "closed_at", "consented_at", "min_references", "min_manager_references", "question_set__title",
    "requested_by__user__first_name", "requested_by__user__last_name",
    "requested_by__user__email", "requested_by__user__country_code", "requested_by__user__phone",
)  # fmt: skip
OF_REFERENCE = (
    "reference_request", "first_name", "last_name", "email", "country_code", "phone",
    "company_name", "status", "relationship", "is_manager", "started_on", "ended_on",
    "corrected_relationship", "corrected_started_on", "corrected_ended_on", "sent_at",
    "started_at", "filled_at", "ended_at", "score", "reminder_count", "call_note",
    "permission_share_clients", "permission_share_candidate", "metadatum__ip_address",
    "answer_set__reference", "answer_set__language",
    "answer_set__typed_by__user__first_name", "answer_set__typed_by__user__last_name",
)  # fmt: skip


def report(candidate, request, audience: str, language: str) -> dict:
    """The reference report on a candidate, from the request; also while nothing is filled yet."""
    firm = candidate.hiring_firm
    found = {
        "firm": firm_of(firm),
        "candidate": {
            "name": clean(candidate.full_name),
            "first_name": clean(candidate.first_name),
        },
        "audience": audience,
        "request": None,
        "people": [],
    }
    if request is None:
        return found
    references = list(
        request.references.select_related("answer_set__typed_by__user", "metadatum")
        .only(*OF_REFERENCE)
        .order_by("filled_at", "created_at", "id")
    )
    for reference in references:
        reference.hiring_firm, reference.candidate = firm, candidate
    # Managers first: they know most, and readers look for them.
    filled = [reference for reference in references if reference.filled]
    shown = [reference for reference in filled if shares(reference, audience)]
    said = said_by(shown)
    people = [person(each, said[each.answer_set.pk], language) for each in shown]
    people.sort(key=lambda each: not each["is_manager"])
    found |= {
        "request": request_of(request),
        "questions": request.questions,
        "people": people,
        "withheld": len(filled) - len(shown),
        "counts": {
            "asked": sum(1 for reference in references if reference.sent_at or reference.filled),
            "answered": len(filled),
            "shown": len(shown),
        },
    }
    # Who declined and who stayed silent is between them and the firm.
    if audience == RECRUITER:
        found["others"] = [other(reference) for reference in references if not reference.filled]
        found["traces"] = {str(each.pk): trace(each) for each in filled}
        found["origin"] = trace(candidate)
        found["log"] = log(request, references, said, candidate)
    else:
        found["unanswered"] = sum(
            1 for reference in references if not reference.filled and reference.sent_at
        )
    return found


def sheet(reference, audience: str, language: str) -> dict:
    """One reference's answers."""
    request, candidate = reference.reference_request, reference.candidate
    found = {
        "firm": firm_of(reference.hiring_firm),
        "candidate": {
            "name": clean(candidate.full_name) if candidate else "",
            "first_name": clean(candidate.first_name) if candidate else "",
        },
        "audience": audience,
        "request": request_of(request) if request else None,
        "questions": request.questions if request else {},
        "people": [],
        "withheld": 0,
        "other": other(reference) if audience == RECRUITER else None,
    }
    if not reference.filled:
        return found
    if not shares(reference, audience):
        return found | {"withheld": 1}
    said = said_by([reference])[reference.answer_set.pk]
    return found | {"people": [person(reference, said, language)]}


def request_of(request) -> dict:
    recruiter = request.requested_by
    done = request.closed_at or request.filled_at
    return {
        "position": clean(request.position),
        "question_set": clean(request.question_set.title),
        "question_count": len(request.questions_in(request.language)),
        "language": request.language,
        "status": request.status,
        "sent_at": local(request.sent_at),
        "closed_at": local(request.closed_at),
        "consented_at": local(request.consented_at),
        "min_references": request.min_references,
        "min_manager_references": request.min_manager_references,
        "recruiter": clean(recruiter.full_name),
        "recruiter_phone": recruiter.user.display_phone,
        "recruiter_email": recruiter.user.email,
        "erase_on": request.hiring_firm.erase_on(done) if done else None,
    }


def other(reference) -> dict:
    """Somebody whose answers are not there, and what is known of why."""
    return {
        "name": clean(reference.full_name),
        "company": clean(reference.company_name),
        "status": reference.status,
        "asked_at": local(reference.sent_at),
        "ended_at": local(reference.ended_at),
        "reminders": reference.reminder_count,
        "note": long_text(reference.call_note),
    }


def trace(respondent) -> dict:
    """From where somebody answered, and where they were reached; compared, never printed."""
    metadatum = respondent.metadatum
    return {
        "ip": metadatum.ip_address if metadatum else None,
        "email": respondent.email,
        "phone": respondent.e164,
    }


def log(request, references, said, candidate) -> list[dict]:
    """What happened when: acts, and the messages that went out."""
    names = {reference.pk: clean(reference.full_name) for reference in references}
    me = clean(candidate.full_name)
    lines = []

    def add(at, what, who, **more):
        if at:
            lines.append({"at": local(at), "what": what, "who": who, **more})

    add(request.consented_at, "consented", me)
    add(request.filled_at, "named", me)
    add(request.closed_at, request.status, "")
    for reference in references:
        who = names[reference.pk]
        if reference.filled:
            rows = said[reference.answer_set.pk]
            given = sum(1 for each in rows if each["value"])
            add(reference.filled_at, "answered", who, given=given, asked=len(rows))
        add(reference.ended_at, reference.status, who)
    sent = Message.objects.filter(
        about_id__in=[request.pk, *names],
        kind__in=TOLD,
        status__in=SENT,
        sent_at__isnull=False,
    )
    columns = ("about_id", "kind", "sent_at", "channel")
    channels = defaultdict(set)  # an email and a text of the same minute are one line
    for about, kind, at, channel in sent.order_by("sent_at").values_list(*columns):
        minute = at.replace(second=0, microsecond=0)
        channels[about, "invited" if kind in INVITED else "reminded", minute].add(channel)
    for (about, what, minute), by in channels.items():
        add(minute, what, names.get(about, me), channels=sorted(by))
    lines.sort(key=lambda line: line["at"])
    return lines[:LOG_LINES]
