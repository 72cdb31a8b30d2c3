"""What a resource's relationships link to: their linkage, and the related resources themselves."""

from django.utils.translation import gettext as _
from rest_framework.response import Response

from apps.jsonapi.errors import Problem
from apps.jsonapi.filters import Synchronised
from apps.jsonapi.plan import Plan
from apps.jsonapi.query import Query
from apps.jsonapi.reading import check_identifier
from apps.jsonapi.shapes import Document


class Related:
    """Mounted beside a resource: `{id}/relationships/{relationship}` and `{id}/{relationship}`."""

    def understand_query(self):
        if "relationship" not in self.kwargs:
            return super().understand_query()
        listed = self.action == "related" and self.relation.many
        return Query(self.request, self.media, self.relation.serializer_class, lists=listed)

    @property
    def plan(self) -> Plan:
        return Plan.of(self.get_serializer_class(), None, self.media.strict)

    @property
    def relation(self):
        relation = self.plan.relations.get(self.kwargs["relationship"])
        if relation is None or relation.serializer_class is None:
            raise Problem(404, "not_found", self.missing())
        return relation

    def linkage(self, request, *args, **kwargs):
        """GET …/relationships/{relationship}."""
        plan, relation, query = self.plan, self.relation, self.query
        instance = self._seen(self.get_queryset())
        linked = plan.linked([instance], [relation], {}, query)
        here = plan.address(instance.pk, query.base)
        return Response(Document(relation.object(instance, linked, here)))

    def related(self, request, *args, **kwargs):
        """GET …/{relationship}: the resources themselves."""
        relation, instance = self.relation, self.get_object()
        targets = relation.model._default_manager.visible_to(request.user)
        if relation.many:
            found = targets.filter(pk__in=getattr(instance, relation.source).values("pk"))
            found = self.filtered(found, Synchronised)
            ordering = [each for each in relation.model._meta.ordering if each.strip("-") != "id"]
            found = self.query.order(found, {"created_at": "created_at"}, tuple(ordering))
            return self.answer_page(found, relation.serializer_class)
        [row] = relation.rows([instance], request.user)[instance.pk] or [[None]]
        queryset = self.query.prepare(targets, relation.serializer_class)
        found = queryset.filter(pk=row[0]).first()
        return self.answer(found, serializer_class=relation.serializer_class)

    def refuse(self, request, *args, **kwargs):
        """Relationships are changed with their resource."""
        self.get_object()
        data = request.data.get("data") if request.data else None
        for each in data if isinstance(data, list) else [data] if data else []:
            check_identifier(each, "/data", strict=self.sent_media.strict)
        raise Problem(403, "read_only", _("Change the resource itself."))
