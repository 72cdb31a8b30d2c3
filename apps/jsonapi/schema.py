"""OpenAPI 3.1 of an operation, from its view and its serializer's plan; both media types."""

import re

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from apps.jsonapi.media import JSON, JSON_API
from apps.jsonapi.pagination import Pagination
from apps.jsonapi.plan import resource_type
from apps.jsonapi.query import reachable
from apps.jsonapi.schema_parts import (
    ERRORS,
    PAGINATION,
    Shapes,
    identifier,
    name_id,
    nullable,
)
from apps.jsonapi.schema_words import (
    answer,
    any_of,
    document_of,
    filter_parameter,
    operation_id,
    parameter,
    summary,
    tag,
    words,
)

LIST_ACTIONS = {"list"}
BODIES = {"create", "partial_update"}
UNSAFE = {"POST", "PATCH", "DELETE"}


class Schema(AutoSchema):
    """Every operation says what it takes, what it answers in both media types, how it fails."""

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        if self.is_excluded():
            return None
        path = path.replace("{pk}", "{id}")
        self.path, self.method, self.registry = path, method, registry
        view = self.view
        self.action = getattr(view, "action", None) or method.lower()
        self.serializer_class = view.get_serializer_class()
        said = view.described.get(self.action, {})
        operation = {
            "operationId": operation_id(method, path),
            "tags": [tag(path)],
            "summary": summary(self.action, self._kind()),
            "description": (getattr(view, self.action, view).__doc__ or view.__doc__ or "").strip(),
            "parameters": self._parameters(said),
            "responses": self._responses(said),
            "security": self._security(),
        }
        body = self._request(said)
        if body:
            operation["requestBody"] = body
        return operation

    # --- what it takes ------------------------------------------------------------------------

    def _security(self) -> list:
        if not self.view.permission_classes and self.action != "list":
            return []
        links = any("Link" in each.__name__ for each in self.view.authentication_classes)
        permissions = str(self.view.get_permissions())
        recruiters_only = "Recruiter" in permissions or "Root" in permissions
        return [{"bearer": []}] + ([{"link": []}] if links and not recruiters_only else [])

    def _parameters(self, said: dict) -> list:
        return [*self._in_path(), *self._in_query(said), *self._of_lists(), *self._in_headers()]

    def _in_path(self) -> list:
        schemas = {
            "id": {"type": "string"},
            "relationship": {"type": "string", "enum": sorted(self._linked())},
        }
        names = re.findall(r"{(\w+)}", self.path)
        return [parameter("path", name, schemas[name], required=True) for name in names]

    def _in_query(self, said: dict) -> list:
        required = said.get("required", ())
        found = [
            parameter("query", name, schema, required=name in required)
            for name, schema in said.get("parameters", {}).items()
        ]
        day = {"type": "string", "format": "date"}
        found += [parameter("query", f"filter[{name}]", day) for name in self.view.filters]
        bare = said.get("alone") or "{relationship}" in self.path
        if self.method == "GET" and self._is_resource() and not bare:
            if paths := self._includes():
                found.append(words("include", paths))
            kind = resource_type(self.serializer_class)
            found.append(words(f"fields[{kind}]", Shapes(self.serializer_class).names()))
        return found

    def _of_lists(self) -> list:
        if self.action not in LIST_ACTIONS:
            return []
        whole = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
        most = f"More than {Pagination.MAX_PAGE_SIZE} is 400 in JSON:API, and else as much."
        found = [
            parameter("query", "page[page]", whole),
            parameter("query", "page[page_size]", whole | {"description": most}),
        ]
        if names := [sign + name for name in self.view.sortable for sign in ("", "-")]:
            found.append(words("sort", names))
        filters = getattr(self.view.filterset_class, "base_filters", {})
        found += [filter_parameter(f"filter[{name}]", each) for name, each in filters.items()]
        return found

    def _in_headers(self) -> list:
        if self.method not in UNSAFE or not self.view.idempotent:
            return []
        key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~¡-¬®-ÿ]+$"}
        return [parameter("header", "Idempotency-Key", key)]

    def _request(self, said: dict) -> dict | None:
        if self.method == "GET" or "{relationship}" in self.path:
            return None
        if getattr(self.view, "files", False):
            return {"content": {"multipart/form-data": {"schema": said["form"]}}, "required": True}
        written = said.get("request", self.serializer_class if self.action in BODIES else None)
        if written is None:
            return None
        if said.get("flat") or getattr(self.view, "flat", False):
            schema = Shapes(written).flat()
            return {"content": {JSON: {"schema": schema}}, "required": True}
        shapes, partial = Shapes(written), self.action == "partial_update"
        content = {}
        for kind, strict in ((JSON, False), (JSON_API, True)):
            schema = shapes.request(strict=strict, partial=partial)
            if partial or said.get("names_id"):
                required = strict or "{id}" not in self.path
                name_id(schema, required=required)
            if said.get("optional"):
                del schema["required"]
            content[kind] = {"schema": schema}
        return {"required": not said.get("optional", False), "content": content}

    # --- what it answers ----------------------------------------------------------------------

    def _responses(self, said: dict) -> dict:
        responses = {}
        if said.get("pdf"):
            held = {"type": "string", "format": "binary"}
            responses["200"] = answer("The document.", {"application/pdf": {"schema": held}})
        else:
            responses |= self._success(said)
        if self.method == "GET":
            responses["304"] = {"description": "Not changed since the ETag that was sent."}
        self._component("Errors", ERRORS)
        for status in self._error_statuses():
            responses[str(status)] = {"$ref": f"#/components/responses/Error{status}"}
        return responses

    def _success(self, said: dict) -> dict:
        if "raw" in said:
            return {"200": answer("OK", {JSON: {"schema": said["raw"]}})}
        documented, strict = self._document(False, said), self._document(True, said)
        contents = {JSON: {"schema": documented}, JSON_API: {"schema": strict}}
        if "{relationship}" in self.path and self.method != "GET":
            return {}
        if self.method == "DELETE":
            return {
                "200": answer("The resource as it was.", {JSON: {"schema": documented}}),
                "204": {"description": "Deleted (JSON:API)."},
            }
        if said.get("creates", self.action == "create"):
            location = {"Location": {"schema": {"type": "string", "format": "uri"}}}
            created = answer("Created (JSON:API).", {JSON_API: {"schema": strict}})
            if not said.get("many"):
                created["headers"] = location
            return {
                "200": answer("Created.", {JSON: {"schema": documented}}),
                "201": created,
            }
        return {"200": answer("OK", contents)}

    def _document(self, strict: bool, said: dict) -> dict:
        if "answer" in said:
            return document_of(said["answer"], strict)
        if not self._is_resource():
            detail = {
                "type": "object",
                "properties": {"detail": {"type": "string"}},
                "required": ["detail"],
            }
            return document_of(detail, strict, member="meta" if strict else "data")
        if self.path.endswith("/relationships/{relationship}"):
            return self._linkage_document(strict)
        if self.path.endswith("{relationship}"):
            return self._related_document(strict)
        kinds = [self.serializer_class, *self.view.other_serializers]
        resource = any_of([self._resource(each, strict) for each in kinds])
        if "attributes" in said:
            extra = {"type": "object", "properties": said["attributes"]}
            resource = Shapes(self.serializer_class).resource(strict, extra, said.get("alone"))
        many = self.action in LIST_ACTIONS or said.get("many", False)
        arrayed = many or (self.view.documented_in_array and not strict)
        data = {"type": "array", "items": resource} if arrayed else resource
        found = document_of(data, strict)
        if self._linked():
            found["properties"]["included"] = self._included(strict)
        if self.action in LIST_ACTIONS:
            self._paged(found, strict)
        if said.get("meta"):
            found["properties"]["meta"] = said["meta"]
        return found

    def _paged(self, found: dict, strict: bool) -> None:
        pagination = self._component("Pagination", PAGINATION)
        if strict:
            meta = {"type": "object", "properties": {"pagination": pagination}}
            found["properties"]["meta"] = meta | {"required": ["pagination"]}
            found["required"].append("meta")
        else:
            found["properties"]["pagination"] = pagination
            if not self.view.documented_whole:
                found["required"].append("pagination")

    def _linkage_document(self, strict: bool) -> dict:
        one, many = nullable(identifier()), {"type": "array", "items": identifier()}
        return document_of({"anyOf": [one, many]}, strict)

    def _related_document(self, strict: bool) -> dict:
        kinds = [self._resource(each, strict) for each in self._linked().values()]
        one = any_of([*kinds, {"type": "null"}])
        found = document_of({"anyOf": [one, {"type": "array", "items": any_of(kinds)}]}, strict)
        extra = {"type": "object", "properties": {"pagination": PAGINATION}}
        found["properties"] |= {"meta": extra} if strict else {"pagination": PAGINATION}
        found["properties"]["included"] = self._included(strict)
        return found

    def _included(self, strict: bool) -> dict:
        """Whatever a path of `include` reaches."""
        reached = reachable(self.serializer_class)

        def schema():
            return {
                "type": "array",
                "items": any_of([self._resource(each, strict) for each in reached.values()]),
            }

        kind = resource_type(self.serializer_class)
        return self._component(f"{kind}Included" + ("Strict" if strict else ""), schema)

    def _linked(self) -> dict:
        return dict(getattr(self.serializer_class, "included_serializers", None) or {})

    def _includes(self) -> list[str]:
        """The relationships, and theirs; longer paths are understood as well."""
        found = []
        for name, serializer_class in self._linked().items():
            below = getattr(serializer_class, "included_serializers", None) or {}
            found += [name, *(f"{name}.{each}" for each in below)]
        return found

    def _kind(self) -> str:
        return resource_type(self.serializer_class) if self.serializer_class else tag(self.path)

    def _is_resource(self) -> bool:
        return hasattr(getattr(self.serializer_class, "Meta", None), "model")

    def _error_statuses(self) -> list[int]:
        view = self.view
        found = {400, 406, 429}
        if view.permission_classes or self._security():
            found |= {401, 403}
        if "{" in self.path or self.method in UNSAFE or view.may_miss:
            found.add(404)
        if self.method in UNSAFE:
            found |= {409, 413, 415, 422, 401, 403}
        if self.action in ("partial_update", "destroy"):
            found.add(412)
        if view.may_miss:
            found |= {422}
        return sorted(found)

    def _resource(self, serializer_class, strict: bool) -> dict:
        suffix = (
            ""
            if serializer_class.__name__.startswith(resource_type(serializer_class))
            else (serializer_class.__name__.removesuffix("Serializer"))
        )
        name = resource_type(serializer_class) + suffix + ("Strict" if strict else "")
        return self._component(name, lambda: Shapes(serializer_class).resource(strict))

    def _component(self, name: str, schema) -> dict:
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, object=name)
        if component not in self.registry:
            self.registry.register(component)
            component.schema = schema() if callable(schema) else schema
        return {"$ref": f"#/components/schemas/{name}"}
