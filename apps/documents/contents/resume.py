"""What the resume shows: a candidate's profile, each claim beside what a verifier said of it."""

from apps.documents.contents.people import firm_of, local
from apps.documents.contents.words import clean, long_text
from apps.jsonapi.resources import type_name

FIELDS = {
    "company_name": "company",
    "job_title": "title",
    "school_name": "school",
    "degree": "degree",
    "field_of_study": "field",
    "started_on": "start",
    "ended_on": "end",
}


def resume(candidate, language: str) -> dict:
    profile = getattr(candidate, "profile", None)
    verifications: dict = {}
    for each in candidate.verifications.select_related("recorded_by__user").order_by("created_at"):
        verifications[each.claim_type, each.claim_id] = each  # the newest stands
    found = {
        "firm": firm_of(candidate.hiring_firm),
        "candidate": {
            "name": clean(candidate.full_name),
            "first_name": clean(candidate.first_name),
            "email": candidate.email,
            "phone": candidate.display_phone,
        },
        "audience": "recruiter",
        "profile": None,
        "experiences": [],
        "educations": [],
    }
    if profile is None:
        return found
    return found | {
        "profile": {
            name: clean(getattr(profile, name))
            for name in ("title", "job_title", "industry", "city", "province")
        }
        | {"bio": long_text(profile.bio)},
        "experiences": [line(each, verifications) for each in profile.experiences.all()],
        "educations": [line(each, verifications) for each in profile.educations.all()],
    }


def line(claim, verifications) -> dict:
    verification = verifications.get((type_name(claim), claim.pk))
    return {
        "name": clean(str(claim)),
        "city": clean(claim.city),
        "period": (claim.started_on, claim.ended_on),
        "description": long_text(claim.description),
        "rows": rows(claim, verification),
        "verification": verification_of(verification) if verification else None,
    }


def verification_of(verification) -> dict:
    return {
        "status": verification.status,
        "who": clean(verification.full_name),
        "organization": clean(verification.organization),
        "asked_at": local(verification.sent_at),
        "closed_at": local(verification.closed_at),
        "comment": long_text(verification.comment),
        "language": verification.message_language,
        "typed_by": clean(verification.recorded_by.full_name) if verification.recorded_by else "",
    }


def rows(claim, verification) -> list[dict]:
    """Each claimed field, what was claimed when the verifier was asked, and what was found."""
    found = []
    for name in claim.CLAIMS:
        claimed = getattr(claim, name)
        said = (verification.findings.get(name) if verification else None) or {}
        asked = verification.claimed.get(name, "") if verification else ""
        now = claimed.isoformat() if hasattr(claimed, "isoformat") else claimed
        if not claimed and not said:
            continue
        found.append(
            {
                "field": FIELDS[name],
                "claimed": claimed if hasattr(claimed, "isoformat") else clean(claimed or ""),
                "finding": said.get("finding", ""),
                "value": clean(said.get("value", "")),
                "asked": bool(asked),
                "changed": bool(said) and asked != (now or ""),
            }
        )
    return found
