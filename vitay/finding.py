"""One search over everything that staff may see."""

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.messaging.models import Message
from apps.staff.columns import page_of
from apps.staff.masking import masked
from apps.staff.search import as_uuid

SHOWN = 10


def find(request, site):
    """By name, email, phone, firm or id: the first few of each kind."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    groups = []
    if words:
        found = as_uuid(words)
        # People first: a message is looked for when they are not found.
        for model, model_admin in sorted(
            site._registry.items(), key=lambda pair: pair[0] is Message
        ):
            wanted = found is not None or getattr(model_admin, "found_everywhere", False)
            wanted = wanted or (model is Message and ("@" in words or words[-7:].isdigit()))
            if not wanted or not model_admin.has_view_permission(request):
                continue
            queryset = model_admin.get_queryset(request)
            if found is not None:
                if model._meta.pk.get_internal_type() != "UUIDField":
                    continue
                rows = queryset.filter(pk=found)
            else:
                rows, _distinct = model_admin.get_search_results(request, queryset, words)
            related = model_admin.list_select_related
            rows = rows.order_by("-pk")
            rows = list((rows.select_related(*related) if related else rows)[: SHOWN + 1])
            if rows:
                groups.append(
                    {
                        "name": model._meta.verbose_name_plural,
                        "rows": [_row(row, model_admin) for row in rows[:SHOWN]],
                        "more": len(rows) > SHOWN,
                        "url": f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist",
                    }
                )
    context = site.each_context(request) | {"title": _("Search"), "words": words, "groups": groups}
    return TemplateResponse(request, "admin/find.html", context)


def _row(row, model_admin) -> dict:
    firm = getattr(row, "hiring_firm", None) if hasattr(row, "hiring_firm_id") else None
    address = getattr(row, "email", "") or getattr(row, "address", "")
    return {
        "link": page_of(row, model_admin.heading(row)),
        "firm": firm if firm is not row else None,
        "address": masked(address) if getattr(model_admin, "personal", ()) else address,
        "at": getattr(row, "created_at", None),
    }
