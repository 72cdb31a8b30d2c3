"""What the schema says of the API as a whole, and the examples of its operations."""

import json
from importlib import import_module
from pathlib import Path

from django.conf import settings

from apps.jsonapi.media import JSON, JSON_API
from apps.jsonapi.schema_parts import ERROR_STATUSES

# Real requests and answers over the demo, written by `tests/api/test_openapi.py --examples`.
EXAMPLES = Path(__file__).parent / "examples.json"
# What neither the name nor the fields of an operation tell.
DESCRIPTIONS = Path(__file__).parent / "descriptions.json"

ABOUT = """
Reference checks: candidates, reference requests, references, verifications, reports.

**Two media types.** `application/json` (the default) is the documented shape of the API reference;
`application/vnd.api+json` is JSON:API 1.1 to the letter. `Accept` chooses what is answered,
`Content-Type` says what is sent.

**Signing in.** `POST /api/v3/oauth/login` answers a token; send it as `Authorization: Bearer …`.
A respondent's link opens the public operations as `Authorization: Link …`.

**Idempotency.** Any unsafe call may carry an `Idempotency-Key`; the same key within 24 hours gets
the same answer and does nothing twice.
"""


def _say(code: str, detail: str, **source: str) -> dict:
    found = {"code": code, "title": code.replace("_", " ").capitalize(), "detail": detail}
    return found | ({"source": source} if source else {})


ERROR_EXAMPLES = {
    400: _say("bad_parameter", "Give a whole number from 1.", parameter="page[page]"),
    401: _say("not_authenticated", "Authentication credentials were not provided."),
    403: _say("permission_denied", "You do not have permission to perform this action."),
    404: _say("not_found", "Not found."),
    406: _say("not_acceptable", "Could not satisfy the request Accept header."),
    409: _say("type_conflict", "Expected the type Candidate.", pointer="/data/type"),
    412: _say("changed", "This has changed since you read it."),
    413: _say("too_large", "At most 1048576 bytes are taken."),
    415: _say("unsupported_media_type", 'Unsupported media type "text/plain" in request.'),
    422: _say("invalid", "Enter a valid email address.", pointer="/data/attributes/email"),
    429: _say("reminder_rate_exceeded", "The last message is less than 24 hours old."),
}
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "link": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Link <token>`: the token of the link in a respondent's message.",
    },
}


# What works only once is told by hand.
USER = {
    "data": {
        "type": "User",
        "id": "01a20a3f-74d0-748b-b6cd-7171ff8ea956",
        "attributes": {"email": "root@demo.example"},
    }
}
SECRETS = {
    "PATCH /api/v3/oauth/reset": {
        "request": {
            JSON: {
                "email": "root@demo.example",
                "password": "a-long-new-password",
                "reset_key": "BAGiCj90ynAVvicCO5bUFVrdNxQKLy0xMzM0NTY3ODk=",
            }
        },
        "responses": {"200": {JSON: USER, JSON_API: USER}},
    }
}


# What the name of the method does not say, in the words of the API reference where it has some.
SUMMARIES = {
    "GET /api/documents": "Download a PDF report",
    "GET /api/v1/candidates/{id}/access": "Show everything that is kept about a person",
    "GET /api/v1/hiring_firms/{id}/analytics": "Show specific hiring firm analytics",
    "GET /api/v1/recruiters/{id}/analytics": "Show specific recruiter analytics",
    "GET /api/v1/reference_requests/{id}/messages": "Index all messages of a reference request",
    "GET /api/v1/references/{id}/messages": "Index all messages of a reference",
    "GET /api/v1/users/me": "Show logged user",
    "GET /api/v3/api/postman": "Set up environment variables",
    "GET /api/v3/api/postman/collection": "Download the Postman collection",
    "GET /api/v3/documents": "Download a PDF report",
    "GET /api/v3/oauth/reset": "Find reset password",
    "GET /api/v3/ping": "Show ping pong",
    "PATCH /api/v1/hiring_firms/{id}/logo": "Update hiring firm logo",
    "PATCH /api/v3/oauth/reset": "Update password",
    "POST /api/v1/candidates/import": "Create up to 50 candidates from a CSV file",
    "POST /api/v1/candidates/{id}/erase": "Erase a person",
    "POST /api/v1/public/references": "Create reference answers",
    "POST /api/v1/recruiters_with_user": "Create recruiter (from root recruiter)",
    "POST /api/v1/reminders/reference/{id}": "Send reminder to the reference",
    "POST /api/v1/reminders/reference_request/{id}": "Send reminder to the candidate",
    "POST /api/v1/reminders/verification/{id}": "Send reminder to the verifier",
    "POST /api/v1/verifications/{id}/conclude": "Record the result of a verification",
    "POST /api/v3/oauth/login": "Log in user",
    "POST /api/v3/oauth/logout": "Sign out everywhere",
    "POST /api/v3/oauth/refresh": "Refresh the token",
    "POST /api/v3/oauth/reset": "Request reset password",
}
# What is ours on the documented paths.
OURS = {
    "GET /api/v3/documents",
    "PATCH /api/v1/profiles/{id}",
    "PATCH /api/v1/question_sets/{id}",
    "PATCH /api/v1/users/{id}",
}


def finished(result, generator, request, public):
    """drf-spectacular's hook."""
    result["info"] |= {
        "description": ABOUT.strip(),
        "license": {"name": "MIT", "identifier": "MIT"},
        "contact": {"email": settings.SUPPORT_EMAIL},
    }
    result["paths"] = {path.replace("{pk}", "{id}"): item for path, item in result["paths"].items()}
    result["servers"] = [{"url": "/"}]  # whatever host it is read from
    result["components"]["securitySchemes"] = SECURITY
    result["components"]["responses"] = {
        f"Error{status}": _error(status, description)
        for status, description in ERROR_STATUSES.items()
    }
    examples = json.loads(EXAMPLES.read_text()) | SECRETS
    described = json.loads(DESCRIPTIONS.read_text())
    lines = import_module(settings.ROOT_URLCONF).documented
    documented = {"/api/" + str(each.pattern).replace("<str:pk>", "{id}") for each in lines}
    for path, item in result["paths"].items():
        for method, operation in item.items():
            key = f"{method.upper()} {path}"
            operation["summary"] = SUMMARIES.get(key, operation["summary"])
            operation["description"] = described.get(key, operation["description"])
            if path not in documented or key in OURS:
                operation["tags"] = [f"{tag}: beyond the reference" for tag in operation["tags"]]
            _exemplify(operation, examples.get(key, {}))
    operations = [each for item in result["paths"].values() for each in item.values()]
    tags = {tag for each in operations for tag in each["tags"]}
    result["tags"] = [{"name": name} for name in sorted(tags, key=lambda tag: (":" in tag, tag))]
    return result


def _error(status: int, description: str) -> dict:
    example = {"errors": [{"status": str(status), **ERROR_EXAMPLES[status]}]}
    content = {"schema": {"$ref": "#/components/schemas/Errors"}, "example": example}
    found = {"description": description, "content": {JSON: content, JSON_API: content}}
    if status == 429:
        found["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return found


def _exemplify(operation: dict, given: dict) -> None:
    for kind, example in given.get("request", {}).items():
        content = operation.get("requestBody", {}).get("content", {})
        if kind in content:
            content[kind]["example"] = example
    for status, kinds in given.get("responses", {}).items():
        content = operation["responses"].get(status, {}).get("content", {})
        for kind, example in kinds.items():
            if kind in content:
                content[kind]["example"] = example
