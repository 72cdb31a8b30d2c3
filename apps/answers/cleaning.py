"""What an answer must be, by the type of its question, and what is stored of it."""

import json
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

TEXT_LIMIT, COMMENT_LIMIT = 5000, 2000
NOT_APPLICABLE = {"n/a", "na"}
TRUE, FALSE = {"true", "yes", "oui", "1"}, {"false", "no", "non", "0"}


def clean_answers(questions: list[dict], given) -> list[dict]:
    """The columns of each answer, or one error per answer that does not fit its question."""
    if not isinstance(given, list):
        raise ValidationError(
            {"answers": ValidationError(_("Enter a list of answers."), code="invalid")}
        )
    if len(given) != len(questions):
        raise ValidationError(
            {
                "answers": ValidationError(
                    _("Enter %(count)s answers, one for each question, in order.")
                    % {"count": len(questions)},
                    code="invalid",
                )
            }
        )
    cleaned, wrong = [], {}
    for at, (question, answer) in enumerate(zip(questions, given, strict=True)):
        try:
            cleaned.append(clean_answer(question, answer, final=True))
        except ValidationError as error:
            wrong[f"answers/{at}"] = error
    if wrong:
        raise ValidationError(wrong, code="invalid")
    return cleaned


def clean_answer(question: dict, given, *, final: bool) -> dict:
    """What is stored of one answer: a string, a boolean, a number, or `{value, comment}`."""
    comment = ""
    if isinstance(given, dict):
        unknown = set(given) - {"question", "value", "comment"}
        if unknown:
            raise ValidationError(_("Enter value and comment."), code="invalid")
        given, comment = given.get("value"), given.get("comment") or ""
    if not isinstance(comment, str) or len(comment) > COMMENT_LIMIT:
        raise ValidationError(
            _("A comment has at most %(limit)s characters.") % {"limit": COMMENT_LIMIT}
        )
    if any(isinstance(each, str) and "\0" in each for each in (given, comment)):
        raise ValidationError(_("Enter text."))
    cleaned = {"value": "", "scale": None, "not_applicable": False, "comment": comment.strip()}
    if given is None or given == "" or given == []:
        if final and question["required"]:
            raise ValidationError(_("This question needs an answer."), code="required")
        return cleaned
    return cleaned | CLEANERS[question["type"]](question, given)


def _clean_scale(question: dict, given) -> dict:
    if isinstance(given, str) and given.strip().lower() in NOT_APPLICABLE:
        return {"value": "n/a", "not_applicable": True}
    if isinstance(given, float) and given.is_integer():
        given = int(given)  # typed serializers send 4.0
    text = str(given).strip() if isinstance(given, str | int) else ""
    low, high = question["min"], question["max"]
    whole = text.isascii() and text.isdigit() and len(text) <= 2 and not isinstance(given, bool)
    if not whole or not low <= int(text) <= high:
        raise ValidationError(
            _("Choose a number from %(low)s to %(high)s, or n/a.") % {"low": low, "high": high}
        )
    return {"value": str(int(text)), "scale": int(text)}


def _clean_text(question: dict, given) -> dict:
    if not isinstance(given, str):
        raise ValidationError(_("Enter text."))
    if len(given) > TEXT_LIMIT:
        raise ValidationError(
            _("An answer has at most %(limit)s characters.") % {"limit": TEXT_LIMIT}
        )
    if not given.strip() and question["required"]:
        raise ValidationError(_("This question needs an answer."), code="required")
    return {"value": given.strip()}


def _clean_choice(question: dict, given) -> dict:
    if not isinstance(given, str) or given.strip() not in question["choices"]:
        raise ValidationError(_choices(question))
    return {"value": given.strip()}


def _clean_choices(question: dict, given) -> dict:
    if isinstance(given, str):
        try:
            parsed = json.loads(given)
        except (ValueError, RecursionError):
            parsed = None
        given = parsed if isinstance(parsed, list) else [given.strip()]
    texts = isinstance(given, list) and all(isinstance(each, str) for each in given)
    if not texts or not set(given) <= set(question["choices"]):
        raise ValidationError(_choices(question))
    ordered = [choice for choice in question["choices"] if choice in given]
    return {"value": json.dumps(ordered, ensure_ascii=False)}


def _clean_boolean(question: dict, given) -> dict:
    text = str(given).strip().lower()
    if text not in TRUE | FALSE:
        raise ValidationError(_("Answer true or false."))
    return {"value": "true" if text in TRUE else "false"}


def _clean_date(question: dict, given) -> dict:
    try:
        day = parse_date(given.strip()) if isinstance(given, str) else None
    except ValueError:
        day = None
    if day is None or not date(1900, 1, 1) <= day <= date(2200, 1, 1):
        raise ValidationError(_("Enter a date such as 2021-05-31."))
    return {"value": day.isoformat()}


CLEANERS = {
    "scale": _clean_scale,
    "text": _clean_text,
    "choice": _clean_choice,
    "multiple_choice": _clean_choices,
    "boolean": _clean_boolean,
    "date": _clean_date,
}


def _choices(question: dict) -> str:
    return _("Choose from: %(choices)s.") % {
        "choices": "; ".join(question["choices"])
    }  # they may hold commas
