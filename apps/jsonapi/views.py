"""The views' side of the wire: parse, one verb, answer."""

from contextlib import contextmanager
from urllib.parse import quote

from django.db import transaction
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers, set_response_etag
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.jsonapi import ids
from apps.jsonapi.errors import Problem
from apps.jsonapi.filters import Synchronised
from apps.jsonapi.idempotency import once
from apps.jsonapi.media import DOCUMENTED, STRICT, encoded
from apps.jsonapi.parsers import MAX_BYTES, MAX_FORM_BYTES, FormParser, too_large
from apps.jsonapi.permissions import RecruiterOnly
from apps.jsonapi.plan import document, resource_type
from apps.jsonapi.query import Query, bad, unknown
from apps.jsonapi.reading import Reading, identify, member
from apps.jsonapi.related import Related
from apps.jsonapi.shapes import Document

UNSAFE = {"POST", "PATCH", "DELETE"}
MOST_IGNORED = 2000  # characters of a header: proxies take four thousand bytes of all together


class Wire(GenericAPIView):
    """What every operation of the API does: media types, query, errors, idempotency, headers."""

    http_method_names = ["get", "head", "post", "patch", "delete"]
    permission_classes = [RecruiterOnly]
    serializer_class = None
    parameters: tuple[str, ...] = ()  # query parameters beside JSON:API's families
    filters: tuple[str, ...] = ()  # of an operation that is no list
    idempotent = True
    # What the schema can't see: by action, what it takes and answers (see schema.py).
    described: dict[str, dict] = {}
    other_serializers: tuple = ()  # what it answers for respondents
    may_miss = False  # names what it is about outside of the path
    documented_whole = False  # a list documented without paging
    documented_in_array = False
    files = False  # takes an upload, which has a bound of its own

    @property
    def unsupported(self) -> int:
        """The status of a method that is not there."""
        return 405

    @property
    def media(self):
        renderer = getattr(self.request, "accepted_renderer", None)
        return getattr(renderer, "media", DOCUMENTED)

    @property
    def sent_media(self):
        """The two directions choose separately: how the body is written is not how we answer."""
        content_type = self.request._request.content_type
        return STRICT if content_type == STRICT.type else DOCUMENTED

    def dispatch(self, request, *args, **kwargs):
        """DRF's, with the handler run once where an Idempotency-Key asks for that."""
        self.args, self.kwargs, self.headers = args, kwargs, self.default_response_headers
        self.request = request = self.initialize_request(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key")
        keyed = key is not None and self.idempotent and request.method in UNSAFE
        try:
            if keyed and not self.files:
                self.fingerprint()  # before anybody reads the stream away
            self.initial(request, *args, **kwargs)
            handler = getattr(self, request.method.lower())
            if keyed:
                return once(self, request, key, lambda: handler(request, *args, **kwargs))
            response = handler(request, *args, **kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(request, response, *args, **kwargs)
        return self.response

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method not in self.allowed_methods:
            self.http_method_not_allowed(request)
        most = MAX_FORM_BYTES if self.files else MAX_BYTES
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            raise too_large(most)
        self.query = self.understand_query()

    def get_serializer_class(self):
        respondent = getattr(getattr(self.request, "user", None), "target", None) is not None
        own = self.other_serializers if respondent else ()
        return own[0] if own else self.serializer_class

    def understand_query(self) -> Query:
        listed = getattr(self, "action", None) == "list"
        serializer_class = self.get_serializer_class()
        return Query(
            self.request,
            self.media,
            serializer_class,
            extra=self.parameters,
            lists=listed,
            filters=self.filters,
        )

    def http_method_not_allowed(self, request, *args, **kwargs):
        detail = _("There is no %(method)s here.") % {"method": request.method}
        raise Problem(self.unsupported, "method_not_allowed", detail)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept", "Authorization"])
        response.headers.setdefault("Cache-Control", "private, no-cache")
        for name, value in getattr(request, "rate", {}).items():
            response[name] = value
        ignored = getattr(request, "ignored", None)
        if ignored:
            # Names come from the body: whatever a header can't hold is escaped, or left out.
            names = [quote(name[:100], safe="") for name in sorted(ignored)[:20]]
            while len(", ".join(names)) > MOST_IGNORED:
                names.pop()
            response["Vitay-Ignored"] = ", ".join(names)
        return response

    def get_serializer_context(self):
        return {**super().get_serializer_context(), "media": self.sent_media}

    def fingerprint(self) -> bytes:
        """The body, by which an Idempotency-Key knows its call again."""
        return self.request._request.body

    def read(self, instance=None, *, serializer_class=None, key=None, partial=None) -> dict:
        """The body's values, checked by the serializer; `key` is the id it must name, if any."""
        serializer_class = serializer_class or self.get_serializer_class()
        key = str(instance.pk) if key is None and instance is not None else key
        serializer = serializer_class(
            instance,
            data={},
            partial=instance is not None if partial is None else partial,
            context=self.get_serializer_context(),
        )
        reading = Reading(self.request.data, serializer, self.sent_media, key=key)
        self.request.pointers, self.request.names = reading.pointers, reading.names
        self.request.ignored = reading.ignored
        serializer.initial_data, serializer.wrong = reading.values, reading.wrong
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def read_flat(self, serializer_class=None) -> dict:
        """The values of a body that is no resource document."""
        serializer_class = serializer_class or self.get_serializer_class()
        serializer = serializer_class(data=self.request.data, context=self.get_serializer_context())
        self.request.pointers = {name: f"/{name}" for name in serializer.fields}
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def answer(self, data, *, status=200, serializer_class=None, **headers) -> Response:
        """One resource, or a list of them."""
        found = document(serializer_class or self.get_serializer_class(), data, self.query)
        found["links"] = {"self": encoded(self.request.build_absolute_uri())}
        return Response(found, status=status, headers=headers)

    def said(self, detail: str) -> Response:
        """A command's answer that is no resource."""
        return Response(Document(meta={"detail": detail}))


def form(name: str) -> dict:
    """The schema of a form with one file."""
    held = {name: {"type": "string", "format": "binary"}}
    return {"type": "object", "properties": held, "required": [name]}


class Uploads:
    """A view that takes a file in a form, which has a bound of its own."""

    parser_classes = [FormParser]
    files = True

    def upload(self, name: str):
        found = self.request.FILES.get(name)
        if found is None:
            raise Problem(422, "required", _("Send the file as %(name)s.") % {"name": name})
        return found

    def fingerprint(self) -> bytes:
        read = []
        for upload in self.request.FILES.values():
            read.append(upload.read())
            upload.seek(0)  # it is read again
        return b"".join(read)


class Scoped(Wire):
    """Rows that the user may see; what is unseen, missing or malformed is one and the same 404."""

    queryset = None

    def get_queryset(self):
        return self.queryset.all().visible_to(self.request.user)

    def prepared(self):
        return self.query.prepare(self.get_queryset(), self.get_serializer_class())

    def get_object(self):
        """The row that the path names, as plain as it is stored: for verbs."""
        return self._seen(self.get_queryset())

    def shown(self, pk=None):
        """The same row with all that its answer reads, in a constant number of queries."""
        return self._seen(self.prepared(), pk)

    def _seen(self, queryset, pk=None):
        key = pk or self.named()
        found = key and queryset.filter(pk=key).first()
        if not found:
            raise Problem(404, "not_found", self.missing())
        self.check_object_permissions(self.request, found)
        return found

    def named(self):
        """The id in the path; None when it can be no id of ours."""
        return ids.parse(self.kwargs["pk"])

    def missing(self) -> str:
        return _("Not found.")

    def answer_one(self, instance=None, *, status=200, **headers) -> Response:
        """The row again from the database, so that the answer is what was stored."""
        shown = self.shown(instance.pk if instance is not None else None)
        response = self.answer(shown, status=status, **headers)
        response.data.in_array = self.documented_in_array
        return response


class ResourceViews(Related, Scoped, GenericViewSet):
    """The five operations of a resource. The verbs are the subclass's: add, change, remove."""

    filterset_class = Synchronised
    sortable: dict[str, str] = {}
    ordering: tuple[str, ...] = ("-created_at",)

    @property
    def unsupported(self) -> int:
        return self.media.unsupported if self.request.method in UNSAFE else 405

    def list(self, request, *args, **kwargs):
        return self.answer_list(self.get_queryset())

    def retrieve(self, request, *args, **kwargs):
        return self.answer_one()

    def create(self, request, *args, **kwargs):
        return self.created(self.add(self.read()))

    def partial_update(self, request, *args, **kwargs):
        instance = self.get_object()
        with self.as_read(instance):
            self.change(instance, self.read(instance))
        return self.answer_one()

    def destroy(self, request, *args, **kwargs):
        instance = self.get_object()
        with self.as_read(instance):
            self.check_named()
            # The answer is the resource as it was.
            gone = None if self.media.strict else self.answer_one()
            self.remove(instance)
        return gone or Response(status=self.media.deleted)

    def answer_list(self, queryset) -> Response:
        queryset = self.filtered(queryset, self.filterset_class)
        queryset = self.query.order(queryset, self.sortable, self.ordering)
        return self.answer_page(queryset, self.get_serializer_class())

    def answer_page(self, queryset, serializer_class) -> Response:
        page = self.paginate_queryset(self.query.prepare(queryset, serializer_class))
        response = self.answer(page, serializer_class=serializer_class)
        if self.paginator.shown:
            response.data["meta"] = {"pagination": self.paginator.meta()}
            response.data["links"] |= self.paginator.links()
        return response

    def filtered(self, queryset, filterset_class):
        """`filter[…]` by a FilterSet."""
        allowed = filterset_class.base_filters
        for name in self.query.filters:
            if name not in allowed:
                raise bad(f"filter[{name}]", unknown(name, allowed))
        if not self.query.filters:
            return queryset
        filters = filterset_class(self.query.filters, queryset, request=self.request)
        if not filters.is_valid():
            name, errors = next(iter(filters.errors.items()))
            raise bad(f"filter[{name}]", errors[0])
        return filters.qs

    def created(self, instance) -> Response:
        status = self.media.created
        response = self.answer_one(instance, status=status)
        location = response.data["data"].get("links", {}).get("self")
        if status == 201 and location:
            response["Location"] = location
        return response

    @contextmanager
    def as_read(self, instance):
        """If-Match: only what the caller has read is changed, by the ETag that came with it."""
        given = self.request.headers.get("If-Match", "*")
        if given.strip() == "*":
            yield
            return
        with transaction.atomic():
            instance.lock()  # of two who read the same, one is told
            context = self.get_renderer_context()
            shown = self.request.accepted_renderer.render(self.answer_one().data, None, context)
            response = HttpResponse(shown)
            set_response_etag(response)
            if response["ETag"] not in parse_etags(given):
                raise Problem(412, "changed", _("This has changed since you read it."))
            yield

    def check_named(self) -> None:
        """A DELETE may carry the resource it means."""
        if self.request.data:
            named = member(self.request.data, "data", "")
            kind = resource_type(self.get_serializer_class())
            identify(named, kind, DOCUMENTED, key=self.kwargs["pk"])
