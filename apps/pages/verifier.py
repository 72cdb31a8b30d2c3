"""The verifier's pages: the claim as stated, confirmed or corrected field by field."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.metadata.models import Metadatum
from apps.pages.forms import VerifierForm
from apps.pages.links import go, linked, page
from apps.verifications.models import Verification

Status = Verification.Status
Finding = Verification.Finding


@linked
def home(request, verification):
    """Who asks, about whom; what was answered, afterwards."""
    if verification.status in Verification.DONE:
        return page(request, "pages/verifier/thanks.html", {"rows": _rows(verification)})
    if verification.status == Status.DECLINED:
        return page(request, "pages/verifier/declined.html")
    if verification.status not in Verification.LIVE or not verification.link_is_live:
        return page(request, "pages/verifier/ended.html", status=410)
    return page(request, "pages/verifier/trust.html", {"rows": _rows(verification)})


@linked(states=Verification.LIVE)
def check(request, verification):
    """Each field confirmed, corrected, or left open."""
    wrong, given = {}, {}
    if request.method == "POST":
        form = VerifierForm(request.POST, request.FILES, claimed=verification.claimed)
        wrong = {name.removesuffix("_is"): each[0] for name, each in form.errors.items()}
        given = form.cleaned_data
        wrong = wrong or _conclude(request, verification, given)
        if not wrong:
            return go(request)
    rows = _rows(verification, given)
    for row in rows:
        row["error"] = _fault(row) if row["name"] in wrong else ""
    faults = [
        {"to": f"{row['name']}_0", "message": _("%(label)s: %(error)s") % row}
        for row in rows
        if row["error"]
    ]
    faults += [{"to": at, "message": wrong[at]} for at in ("comment", "document") if at in wrong]
    context = {
        "rows": rows,
        "faults": faults,
        "wrong": wrong,
        "comment": given.get("comment", ""),
    }
    return page(request, "pages/verifier/check.html", context, status=422 if faults else 200)


@linked(states=Verification.LIVE)
def decline(request, verification):
    form = VerifierForm(request.POST)
    if request.method == "POST" and form.is_valid():
        verification.decline(form.cleaned_data["comment"])
        return go(request)
    faults = form.faults if request.method == "POST" else []
    context = {"faults": faults}
    return page(request, "pages/verifier/decline.html", context, status=422 if faults else 200)


def _conclude(request, verification, given: dict) -> dict:
    """Record what was said; what is wrong with it, by field."""
    findings = {
        name: {"finding": given[name], "value": given[f"{name}_is"]}
        for name in verification.claimed
    }
    try:
        with transaction.atomic():
            verification.conclude(
                verification,
                findings=findings,
                comment=given["comment"],
                document=given["document"],
            )
            Metadatum.take(request, verification, candidate=verification.candidate)
    except ValidationError as error:
        if getattr(error, "code", None) == "state":
            raise
        return {
            name.removeprefix("findings."): each[0].messages[0]
            for name, each in error.error_dict.items()
        }
    return {}


def _fault(row: dict) -> str:
    if row["finding"] != Finding.CORRECTED:
        return _("Choose one answer.")
    if row["is_day"]:
        return _("Enter the right date, such as 2021-05-31.")
    return _("Enter what is right.")


def _rows(verification, given: dict | None = None) -> list[dict]:
    """The claimed fields with their names, and what was said of each, or is being said."""
    labels = {
        "company_name": _("Employer"),
        "job_title": _("Job"),
        "school_name": _("School"),
        "degree": _("Diploma or programme"),
        "field_of_study": _("Field of study"),
        "started_on": _("From"),
        "ended_on": _("Until"),
    }
    rows = []
    for name, claimed in verification.claimed.items():
        found = verification.findings.get(name, {"finding": "", "value": ""})
        if given:
            found = {"finding": given.get(name, ""), "value": given.get(f"{name}_is", "")}
        is_day = name.endswith("_on")
        rows.append(
            {
                "name": name,
                "label": labels.get(name, name),
                "claimed": date.fromisoformat(claimed) if is_day else claimed,
                "is_day": is_day,
                **found,
            }
        )
    return rows
