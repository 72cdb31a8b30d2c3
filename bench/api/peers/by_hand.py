"""A plain Django view that writes the candidates list by hand: the same document, byte for byte."""

from collections import defaultdict
from datetime import UTC
from functools import partial
from urllib.parse import urlencode

import jwt
import orjson
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

from apps.accounts.models import User
from apps.answers.models import AnswerSet
from apps.candidates.models import Candidate
from apps.references.models import Reference, ReferenceRequest

SIZE = 15
JOINED = ("hiring_firm", "reference_request", "requested_by__user")
COLUMNS = [
    *(each.name for each in Reference._meta.concrete_fields),
    "hiring_firm__is_active",
    "hiring_firm__deleted_at",
    "hiring_firm__time_zone",
    "hiring_firm__reminder_interval_days",
    "hiring_firm__reminders_skip_weekends",
    "hiring_firm__max_automatic_reminders",
    "reference_request__question_set_id",
    "requested_by__user__first_name",
    "requested_by__user__last_name",
    "requested_by__user__email",
]
TYPE = "application/vnd.api+json"
utc = partial(orjson.dumps, default=str, option=orjson.OPT_UTC_Z)


def user_of(request) -> User | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        claims = jwt.decode(
            token,
            settings.JWT_KEYS[0],
            algorithms=["HS256"],
            audience="vitay-api",
            issuer="vitay",
        )
    except jwt.PyJWTError:
        return None
    found = User.objects.filter(pk=claims["user_id"], session_version=claims["session"])
    user = found.select_related("recruiter__hiring_firm").first()
    return user if user and user.may_use_api and claims["token_type"] == "access" else None


def candidates(request):
    user = user_of(request)
    if user is None:
        return HttpResponse(status=401)
    base = request.build_absolute_uri("/").rstrip("/")
    firm = user.recruiter.hiring_firm_id
    found = Candidate.objects.filter(hiring_firm_id=firm)
    count, page = found.count(), int(request.GET.get("page[page]", 1))
    pages = max(1, -(-count // SIZE))
    included = request.GET.get("include") == "references"
    rows = list(found.order_by("-created_at", "-pk")[(page - 1) * SIZE : page * SIZE])
    keys = [each.pk for each in rows]
    references = Reference.objects.filter(hiring_firm_id=firm, candidate_id__in=keys)
    requests = ReferenceRequest.objects.filter(hiring_firm_id=firm, candidate_id__in=keys)
    requests = by_owner(requests.values_list("candidate_id", "pk", "filled_at"))
    if included:
        references = list(references.select_related(*JOINED).only(*COLUMNS))
        Reference.look_up_opt_outs(references)
        answered = AnswerSet.objects.filter(reference__in=references, reference__status="filled")
        answered = dict(answered.order_by().values_list("reference_id", "pk"))
        linked = by_owner((each.candidate_id, each) for each in references)
        more = [reference(each, answered, base) for row in rows for [each] in linked[row.pk]]
        linked = by_owner((each.candidate_id, each.pk) for each in references)
    else:
        linked = by_owner(references.values_list("candidate_id", "pk"))
    document = {
        "jsonapi": {"version": "1.1"},
        "data": [candidate(each, linked[each.pk], requests[each.pk], base) for each in rows],
    }
    if included:
        document["included"] = more
    document["meta"] = {
        "pagination": {
            "current_page": page,
            "total_pages": pages,
            "total_entries": count,
            "page_size": SIZE,
        }
    }
    own = request.build_absolute_uri().replace("[", "%5B").replace("]", "%5D")
    kept = {"include": "references"} if included else {}

    def link(number):
        query = urlencode({**kept, "page[page]": number, "page[page_size]": SIZE})
        return f"{base}{request.path}?{query}"

    document["links"] = {
        "self": own,
        "first": link(1),
        "prev": link(page - 1) if page > 1 else None,
        "next": link(page + 1) if page < pages else None,
        "last": link(pages),
    }
    return HttpResponse(utc(document), content_type=TYPE)


def related(data, here: str, name: str) -> dict:
    links = {"self": f"{here}/relationships/{name}", "related": f"{here}/{name}"}
    return {"data": data, "links": links}


def by_owner(rows) -> dict:
    found = defaultdict(list)
    for owner, *row in rows:
        found[owner].append(row)
    return found


def candidate(row: Candidate, references: list, requests: list, base: str) -> dict:
    here = f"{base}/api/v3/candidates/{row.pk}"
    filled = any(at for _, at in requests)
    return {
        "type": "Candidate",
        "id": str(row.pk),
        "attributes": {
            "internal_id": row.internal_id,
            "notes": row.notes,
            "first_name": row.first_name,
            "last_name": row.last_name,
            "email": row.email,
            "country_code": row.country_code,
            "phone": row.phone,
            "score": None if row.score is None else float(row.score),
            "language": row.language,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        },
        "relationships": {
            "references": related(
                [{"type": "Reference", "id": key} for [key] in references],
                here,
                "references",
            ),
            "added_by": related(
                {"type": "Recruiter", "id": row.added_by_id, "meta": {"filled": filled}},
                here,
                "added_by",
            ),
            "reference_requests": related(
                [
                    {"type": "ReferenceRequest", "id": key, "meta": {"filled": at is not None}}
                    for key, at in requests
                ],
                here,
                "reference_requests",
            ),
            "metadatum": related(
                row.metadatum_id and {"type": "Metadatum", "id": row.metadatum_id},
                here,
                "metadatum",
            ),
        },
        "links": {"self": here},
    }


def reference(row: Reference, answered: dict, base: str) -> dict:
    here = f"{base}/api/v1/references/{row.pk}"
    asked, answers = row.reference_request, answered.get(row.pk)
    scheduled = row.next_scheduled_at
    return {
        "type": "Reference",
        "id": str(row.pk),
        "attributes": {
            "internal_id": row.internal_id,
            "email": row.email,
            "created_at": row.created_at,
            "first_name": row.first_name,
            "last_name": row.last_name,
            "phone": row.phone,
            "country_code": row.country_code,
            "is_active": row.is_active,
            "is_active_hf": row.is_active_hf,
            "relationship": row.relationship,
            "corrected_relationship": row.corrected_relationship,
            "is_manager": row.is_manager,
            "permission_share_clients": row.permission_share_clients,
            "contact_type": row.contact_type,
            "permission_share_candidate": row.permission_share_candidate,
            "language": row.language,
            "company_name": row.company_name,
            "is_pending": row.is_pending,
            "filled": row.filled,
            "filled_at": row.filled_at,
            "requested_by_id": row.requested_by_id,
            "requested_by": row.requested_by.full_name,
            "score": None if row.score is None else float(row.score),
            "reminder": {
                "next_scheduled_at": scheduled and scheduled.astimezone(UTC),
                "latest_sent_at": row.reminded_at,
                "count": row.reminder_count,
                "count_exceeded": row.reminder_count_exceeded,
                "rate_exceeded": row.reminder_rate_exceeded,
            },
            "status": row.status,
            "started_on": row.started_on,
            "ended_on": row.ended_on,
            "sent_at": row.sent_at,
            "expires_at": row.expires_at,
            "updated_at": row.updated_at,
        },
        "relationships": {
            "answer_set": related(
                answers and {"type": "AnswerSet", "id": answers}, here, "answer_set"
            ),
            "question_set": {
                "data": [{"type": "QuestionSet", "id": asked.question_set_id}] if asked else []
            },
            "candidate": related(
                row.candidate_id and {"type": "Candidate", "id": row.candidate_id},
                here,
                "candidate",
            ),
            "metadatum": related(
                row.metadatum_id and {"type": "Metadatum", "id": row.metadatum_id},
                here,
                "metadatum",
            ),
            "reference_request": related(
                asked and {"type": "ReferenceRequest", "id": asked.pk}, here, "reference_request"
            ),
        },
        "links": {"self": here},
    }


urlpatterns = [path("api/v3/candidates", candidates)]
