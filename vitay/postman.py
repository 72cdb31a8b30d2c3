"""A Postman collection from the OpenAPI document."""

from itertools import pairwise

from django.conf import settings

from apps.jsonapi.media import JSON, dump

FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
# The login keeps its token where all other calls find it.
KEEP_TOKEN = [
    "const data = pm.response.json().data;",
    "pm.environment.set('access_token', data.attributes.token);",
]
# The environment's own ids, by the word before an id.
OWN = {
    "candidates": "{{candidate_id}}",
    "hiring_firms": "{{firm_id}}",
    "profiles": "{{candidate_id}}",
    "question_sets": "{{question_set_id}}",
    "recruiters": "{{recruiter_id}}",
    "reference": "{{reference_id}}",
    "reference_request": "{{reference_request_id}}",
    "reference_requests": "{{reference_request_id}}",
    "references": "{{reference_id}}",
}


def collection(schema: dict) -> dict:
    folders: dict[str, list] = {tag["name"]: [] for tag in schema["tags"]}
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            folders[operation["tags"][0]].append(_item(path, method, operation))
    return {
        "info": {"name": f"Vitay API {settings.VERSION}", "schema": FORMAT},
        "auth": {
            "type": "bearer",
            "bearer": [{"key": "token", "value": "{{access_token}}", "type": "string"}],
        },
        "item": [{"name": name, "item": items} for name, items in folders.items()],
    }


def _item(path: str, method: str, operation: dict) -> dict:
    below = path.removeprefix("/api/").replace("{id}", ":id")
    below = below.replace("{relationship}", ":relationship")
    request = {
        "method": method.upper(),
        "header": [{"key": "Accept", "value": JSON}],
        "url": {
            "raw": "{{base_url}}/" + below,
            "host": ["{{base_url}}"],
            "path": below.split("/"),
            "variable": [
                {"key": part[1:], "value": OWN.get(before, "") if part == ":id" else ""}
                for before, part in pairwise(["", *below.split("/")])
                if part[:1] == ":"
            ],
            "query": [
                {"key": each["name"], "value": "", "disabled": not each["required"]}
                for each in operation["parameters"]
                if each["in"] == "query"
            ],
        },
    }
    if operation["security"] == []:
        request["auth"] = {"type": "noauth"}
    example = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("example")
    if path.endswith("/oauth/login"):
        example = {"email": "{{email}}", "password": "{{password}}"}
    if example is not None:
        request["header"].append({"key": "Content-Type", "value": JSON})
        request["body"] = {"mode": "raw", "raw": dump(example).decode()}
    found = {"name": operation["summary"], "request": request}
    if path.endswith("/oauth/login"):
        script = {"type": "text/javascript", "exec": KEEP_TOKEN}
        found["event"] = [{"listen": "test", "script": script}]
    return found
