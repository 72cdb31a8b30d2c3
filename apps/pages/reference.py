"""The reference's pages: who asks and why, one question a page, look over, send, keep a copy."""

import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.answers.actions import save_answer, submit_answers
from apps.answers.cleaning import COMMENT_LIMIT, clean_answer
from apps.answers.models import AnswerSet
from apps.jsonapi.throttling import client_address
from apps.metadata.models import Metadatum
from apps.pages.forms import CallForm, TieForm
from apps.pages.links import LANGUAGES, go, linked, page
from apps.pages.words import ties
from apps.references.models import Reference
from apps.references.requests import SECONDS_PER_QUESTION

Status = Reference.Status
SHARING = ("permission_share_clients", "permission_share_candidate")
TEXT_LENGTH = 2000  # offered on the page; the API takes more


@linked
def home(request, reference):
    """Who asks, what for, who reads it; what became of it, afterwards."""
    if reference.status == Status.FILLED:
        return page(request, "pages/reference/thanks.html", _receipt(reference))
    if reference.status in (Status.DECLINED, Status.WRONG_PERSON):
        return page(request, f"pages/reference/{reference.status}.html")
    if reference.status == Status.CALL_REQUESTED and reference.link_is_live:
        return page(request, "pages/reference/call_requested.html")
    if reference.status not in Reference.CONTACTED or not reference.link_is_live:
        return page(request, "pages/reference/ended.html", status=410)
    if reference.is_reopened:
        return page(request, "pages/reference/reopened.html")
    asked = len(_questions(reference))
    drafts = _drafts(reference)
    return page(
        request,
        "pages/reference/trust.html",
        {
            "asked": asked,
            "answered": len(drafts),
            "minutes": reference.reference_request.minutes,
            "minutes_left": _minutes(asked - len(drafts)),
            "next_step": _next(reference, drafts),
        },
    )


@linked(states=Reference.CONTACTED)
def begin(request, reference):
    """Agrees to answer; kept in the ledger once."""
    if request.method == "POST":
        reference.agree(ip_address=client_address(request))
        return go(request, "/you")
    return go(request)


@linked(states=Reference.CONTACTED)
def you(request, reference):
    """How and when they worked together: as the candidate says, or otherwise."""
    initial = {
        "relationship": reference.corrected_relationship or reference.relationship,
        "started_on": reference.corrected_started_on or reference.started_on,
        "ended_on": reference.corrected_ended_on or reference.ended_on,
    }
    form = TieForm(request.POST or None, initial=initial, choices=ties(reference))
    if request.method == "POST" and form.is_valid():
        try:
            reference.correct(**form.cleaned_data)
        except ValidationError as error:
            if getattr(error, "code", None) == "state":
                raise
            form.blame(error)
        else:
            return go(request, request.GET.get("to") == "review" and "/review" or "/q/1")
    context = {"form": form, "said": reference.relationship_label(get_language(), corrected=False)}
    return page(request, "pages/reference/you.html", context, status=422 if form.is_bound else 200)


@linked(states=Reference.CONTACTED)
def question(request, reference, number):
    """One question. Each answer is saved as it is given, also on the way back."""
    questions = _questions(reference)
    if not 1 <= number <= len(questions):
        return go(request)
    asked, faults, status = questions[number - 1], [], 200
    given = _saved(reference, number - 1)
    if request.method == "POST":
        given = _given(request, asked)
        way = request.POST.get("go", "on")
        try:
            clean_answer(asked, given, final=way == "on")
            save_answer(reference, number - 1, given)
        except ValidationError as error:
            if getattr(error, "code", None) == "state":
                raise
            faults, status = [{"to": "answer", "message": _fault(asked, given)}], 422
        else:
            if way in LANGUAGES:
                return _in(request, way, number)
            return go(request, _step(request, reference, number, way))
    context = {
        "question": asked,
        "text": asked["text"].replace("{first_name}", reference.candidate.first_name),
        "question_language": _question_language(reference),
        "options": _options(asked, given),
        "given": given,
        "faults": faults,
        "number": number,
        "asked": len(questions),
        "minutes_left": _minutes(len(questions) - number + 1),
        "length": TEXT_LENGTH if asked["type"] == "text" else COMMENT_LIMIT,
    }
    return page(request, "pages/reference/question.html", context, status=status)


@linked(states=Reference.CONTACTED)
def review(request, reference):
    """Everything once more; then who may read it; then it is sent."""
    drafts, questions = _drafts(reference), _questions(reference)
    shares = {name: request.POST.get(name, "") for name in SHARING}
    missing, unsaid, status = [], [], 200
    if request.method == "POST":
        unsaid = [name for name in SHARING if shares[name] not in ("yes", "no")]
        given = [_saved(reference, at, drafts) for at in range(len(questions))]
        if unsaid:
            missing = [at for at, each in enumerate(given) if _lacks(questions[at], each)]
        else:
            try:
                with transaction.atomic():
                    reference.lock()
                    if reference.filled:  # sent from another window
                        return go(request)
                    submit_answers(
                        reference,
                        given,
                        by=reference,
                        ip_address=client_address(request),
                        language=reference.message_language,
                        relationship=reference.corrected_relationship,
                        corrected_started_on=reference.corrected_started_on,
                        corrected_ended_on=reference.corrected_ended_on,
                        **{name: shares[name] == "yes" for name in SHARING},
                    )
                    Metadatum.take(request, reference, candidate=reference.candidate)
                return go(request)
            except ValidationError as error:
                if getattr(error, "code", None) == "state":
                    raise
                missing = [int(key.partition("/")[2]) for key in error.error_dict]
        status = 422
    rows = [_row(reference, at, drafts, at in missing) for at in range(len(questions))]
    return page(
        request,
        "pages/reference/review.html",
        {
            "rows": rows,
            "missing": [row for row in rows if row["missing"]],
            "unsaid": unsaid,
            "shares": shares,
            "tie": dict(ties(reference)).get(
                reference.corrected_relationship or reference.relationship, ""
            ),
            "started_on": reference.corrected_started_on or reference.started_on,
            "ended_on": reference.corrected_ended_on or reference.ended_on,
            "question_language": _question_language(reference),
        },
        status=status,
    )


@linked(states=[Status.FILLED])
def copy(request, reference):
    """What was sent, to read again, print or keep."""
    drafts = _drafts(reference)
    rows = [_row(reference, at, drafts, False) for at in range(len(_questions(reference)))]
    context = _receipt(reference) | {
        "rows": rows,
        "question_language": reference.answer_set.language,
    }
    return page(request, "pages/reference/copy.html", context)


@linked(states=Reference.CONTACTED)
def decline(request, reference):
    if request.method == "POST":
        reference.decline()
        return go(request)
    return page(request, "pages/reference/decline.html")


@linked(states=Reference.CONTACTED)
def wrong_person(request, reference):
    if request.method == "POST":
        reference.wrong_person()
        return go(request)
    return page(request, "pages/reference/not_me.html")


@linked(states=Reference.WAITING)
def call(request, reference):
    """Would rather talk."""
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reference.request_call(form.cleaned_data["note"])
        return go(request)
    return page(request, "pages/reference/call.html", {"form": form})


@linked
def stop(request, reference):
    """No message any more, from anybody; heard also when it has answered, or the request ended."""
    if request.method == "POST":
        reference.stop()
        if reference.status == Status.DECLINED:
            return go(request)
    asked = reference.status in Reference.CONTACTED and not reference.is_reopened
    context = {"asked": asked, "done": request.method == "POST"}
    return page(request, "pages/reference/stop.html", context)


@linked
def erase(request, reference):
    """Ask to have everything erased, once it has answered or nobody waits for it."""
    if not reference.may_request_erasure:
        return go(request)
    if request.method == "POST":
        reference.request_erasure()
        return go(request)
    return page(request, "pages/reference/erase.html")


# --- what is on a page ----------------------------------------------------------------------------


def _questions(reference) -> list[dict]:
    """In the language of the page, which the reference's becomes with the next answer."""
    return reference.reference_request.questions_in(get_language())


def _drafts(reference) -> dict:
    """The saved answers by position."""
    found = AnswerSet.objects.filter(reference=reference).first()
    return {answer.position: answer for answer in found.answers.all()} if found else {}


def _next(reference, drafts: dict) -> str:
    """The first question that was never looked at; the look over when there is none."""
    for at in range(len(_questions(reference))):
        if at not in drafts:
            return f"/q/{at + 1}"
    return "/review"


def _saved(reference, at: int, drafts: dict | None = None) -> dict:
    answer = (_drafts(reference) if drafts is None else drafts).get(at)
    if answer is None:
        return {"value": "", "comment": ""}
    value = answer.value
    if answer.type in ("choice", "multiple_choice") and value:
        before = reference.reference_request.questions_in(answer.language)[at]["choices"]
        same = dict(zip(before, _questions(reference)[at]["choices"], strict=False))
        several = answer.type == "multiple_choice"
        value = [same.get(each) for each in json.loads(value)] if several else same.get(value)
    return {"value": value, "comment": answer.comment}


def _given(request, asked: dict) -> dict:
    values = [each.replace("\r\n", "\n") for each in request.POST.getlist("answer")]
    several = asked["type"] == "multiple_choice"
    value = values if several else "".join(values[:1])
    return {"value": value, "comment": request.POST.get("comment", "").replace("\r\n", "\n")}


def _step(request, reference, number: int, way: str) -> str:
    if request.GET.get("to") == "review":
        return "/review"
    if way == "back":
        return f"/q/{number - 1}" if number > 1 else "/you"
    return f"/q/{number + 1}" if number < len(_questions(reference)) else "/review"


def _in(request, language: str, number: int):
    """The same question in the other language, with what was typed."""
    return HttpResponseRedirect(f"{request.link}/q/{number}?lang={language}")


def _options(asked: dict, given: dict) -> list[dict]:
    """What can be ticked, with what is."""
    kind, value = asked["type"], given["value"]
    if kind == "scale":
        low, labels = asked["min"], asked["labels"]
        points = range(low, asked["max"] + 1)
        found = [(str(at), labels[at - low] if labels else "") for at in points]
    elif kind == "boolean":
        found = [("true", _("Yes")), ("false", _("No"))]
    else:
        found = [(each, each) for each in asked["choices"]]
    return [
        {
            "value": each,
            "words": words,
            "ticked": each in value if kind == "multiple_choice" else each == value,
        }
        for each, words in found
    ]


def _fault(asked: dict, given: dict) -> str:
    """What is missing, in the words of the page rather than of the API."""
    if len(given["comment"]) > COMMENT_LIMIT:
        return _("Shorten the example: %(limit)s characters at most.") % {"limit": COMMENT_LIMIT}
    return {
        "scale": _("Choose one answer, or “I did not see this”."),
        "choice": _("Choose one answer."),
        "boolean": _("Choose yes or no."),
        "multiple_choice": _("Choose at least one answer."),
        "date": _("Enter a date such as 2021-05-31."),
    }.get(asked["type"]) or (
        _("Shorten your answer: it is too long.")
        if given["value"].strip()
        else _("Write a few words.")
    )


def _row(reference, at: int, drafts: dict, missing: bool) -> dict:
    """One line of the look over: the question, and the answer in words."""
    asked, given = _questions(reference)[at], _saved(reference, at, drafts)
    answer = drafts.get(at)
    ticked = [each for each in _options(asked, given) if each["ticked"]]
    words = [each["words"] or each["value"] for each in ticked]
    if asked["type"] == "scale" and ticked:
        words = [" – ".join(filter(None, (ticked[0]["value"], ticked[0]["words"])))]
    return {
        "number": at + 1,
        "text": asked["text"].replace("{first_name}", reference.candidate.first_name),
        "type": asked["type"],
        "words": words,
        "value": given["value"] if asked["type"] == "text" else "",
        "day": parse_date(answer.value) if answer and asked["type"] == "date" else None,
        "not_applicable": bool(answer and answer.not_applicable),
        "comment": given["comment"],
        "missing": missing,
    }


def _lacks(asked: dict, given: dict) -> bool:
    return asked["required"] and not given["value"]


def _minutes(questions: int) -> int:
    return max(1, round(questions * SECONDS_PER_QUESTION / 60))


def _question_language(reference) -> str:
    """In which the questions are: a firm's own set may have but one."""
    request, language = reference.reference_request, get_language()
    return language if language in request.questions else request.language


def _receipt(reference) -> dict:
    return reference.receipt_context()
