"""What a request asks for in its query: include, fields, sort, filter, page."""

import re

from django.db.models import F
from django.utils.translation import gettext as _

from apps.jsonapi.errors import Problem
from apps.jsonapi.plan import Plan, is_relation, resource_type

FAMILY = re.compile(r"(include|sort|fields|filter|page)(?:\[([^\[\]]*)\])?")
MAX_DEPTH = 8  # of a path of `include`, which may go in circles
PAGE = {"page": "page", "number": "page", "page_size": "page_size", "size": "page_size"}


class Query:
    """The query parameters, understood; unknown names are refused here, once."""

    def __init__(self, request, media, serializer_class=None, *, extra=(), lists=False, filters=()):
        self.strict, self.user = media.strict, request.user
        self.base = request.build_absolute_uri("/").rstrip("/")
        self.own_filters = filters  # of an operation that is no list
        self.shapes: dict = {}
        self.include: dict | None = None
        self.fields: dict[str, frozenset] = {}
        self.filters: dict[str, str] = {}
        self.page: dict[str, str] = {}
        self.sort: list[str] | None = None
        for parameter, values in request.GET.lists():
            if any("\0" in text for text in (parameter, *values)):
                raise bad(parameter, _("NUL characters are not allowed."))
            found = FAMILY.fullmatch(parameter)
            family, name = found.groups() if found else (None, None)
            if parameter in extra:
                continue
            if family in ("include", "sort") and name is None:
                pass
            elif not (family in ("fields", "filter", "page") and name):
                if media.strict:
                    raise bad(parameter, _("There is no such parameter."))
                continue
            if len(values) > 1 and family != "filter":
                raise bad(parameter, _("Given twice."))
            self._take(parameter, family, name, values, serializer_class, lists)

    def _take(self, parameter, family, name, values, serializer_class, lists):
        value = values[0]
        if family == "include":
            self.include = _tree(serializer_class, value)
        elif family == "fields":
            known = reachable(serializer_class) if serializer_class else {}
            if name not in known:
                raise bad(parameter, _("There is no type %(name)s here.") % {"name": name})
            self.fields[name] = _names(known[name], value, parameter, self.strict)
        elif family == "filter" and (lists or name in self.own_filters):
            if not all(values):
                raise bad(parameter, _("Give a value."))
            self.filters[name] = ",".join(values)
        elif not lists:
            if self.strict or family != "page":
                raise bad(parameter, _("Only lists take this parameter."))
        elif family == "sort":
            self.sort = value.split(",")
        elif name not in PAGE:
            if self.strict:
                raise bad(parameter, _("There is no such parameter."))
        elif self.page.setdefault(PAGE[name], value) != value:
            raise bad(parameter, _("Given twice."))

    def plan(self, serializer_class) -> Plan:
        wanted = self.fields.get(resource_type(serializer_class))
        plan = Plan.of(serializer_class, wanted, self.strict)
        self.shapes[plan.type] = plan.shape
        return plan

    def prepare(self, queryset, serializer_class):
        return self.plan(serializer_class).prepare(queryset, self.include or {}, self)

    def order(self, queryset, sortable: dict[str, str], default: tuple[str, ...]):
        """Sorted as asked, else by default; nulls last, and the id settles ties."""
        order, names = [], default
        if self.sort is not None:
            names = [self._column(name, sortable) for name in self.sort]
        for name in names:
            column, down = name.lstrip("-"), name.startswith("-")
            if "__" in column or queryset.model._meta.get_field(column).null:
                column = F(column)
                order.append((column.desc if down else column.asc)(nulls_last=True))
            else:
                order.append(name)  # as an index has it
        tie = "-pk" if names and names[-1].startswith("-") else "pk"
        return queryset.order_by(*order, tie)

    @staticmethod
    def _column(name: str, sortable: dict[str, str]) -> str:
        sign = "-" if name.startswith("-") else ""
        column = sortable.get(name.removeprefix("-"))
        if column is None:
            raise bad("sort", unknown(name.removeprefix("-"), sortable))
        return sign + column


def bad(parameter: str, detail: str, code: str = "bad_parameter") -> Problem:
    return Problem(400, code, detail, parameter=parameter)


def unknown(name: str, known) -> str:
    """What to say of a name in `sort` or `filter`."""
    names = {"name": name, "known": ", ".join(sorted(known))}
    if not known:
        return _("There is no %(name)s here.") % names
    return _("There is no %(name)s here; there are: %(known)s.") % names


def _tree(serializer_class, value: str) -> dict:
    """`a.b,c` as {a: {b: {}}, c: {}}."""
    tree: dict = {}
    for path in filter(None, value.split(",")):
        if path.count(".") >= MAX_DEPTH:
            raise bad("include", _("A path has at most %(most)s names.") % {"most": MAX_DEPTH})
        here, level = tree, serializer_class
        for name in path.split("."):
            level = (getattr(level, "included_serializers", None) or {}).get(name)
            if level is None:
                raise bad("include", _("Can't include %(path)s.") % {"path": path})
            here = here.setdefault(name, {})
    return tree


def _names(serializer_class, value: str, parameter: str, strict: bool) -> frozenset:
    """The fields of a sparse fieldset, in our names."""
    shape = Plan.of(serializer_class, None, strict).shape
    renamed = {} if strict else {theirs: ours for ours, theirs in shape.rename.items()}
    known = {
        name
        for name, field in serializer_class().fields.items()
        if not field.write_only and (is_relation(field) or name != "id")
    } - (shape.only if strict else set())
    if not strict:
        known = known - shape.rename.keys() | ({"id"} if shape.id_attribute else set())
    wanted = [name for name in value.split(",") if name]
    for name in wanted:
        if name not in known and name not in renamed:
            raise bad(parameter, _("There is no field %(name)s.") % {"name": name})
    return frozenset(renamed.get(name, name) for name in wanted)


def reachable(serializer_class, found: dict | None = None) -> dict:
    """The serializers of all types that an answer may hold, by type."""
    found = {} if found is None else found
    kind = resource_type(serializer_class)
    if kind not in found:
        found[kind] = serializer_class
        for each in (getattr(serializer_class, "included_serializers", None) or {}).values():
            reachable(each, found)
    return found
