"""Lists as CSV that a spreadsheet shows and never runs."""

import csv

from django.apps import apps
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.staff.masking import masked, may_export

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(value) -> str:
    """A cell that begins like a formula is marked as text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


class Echo:
    def write(self, line):
        return line


def export_csv(model_admin, request, queryset):
    """Stream the chosen rows, and note who took them."""
    names = model_admin.csv_columns(request)
    model = model_admin.model
    apps.get_model("activities.Activity").record(
        request.user, "export.csv", request.user, model=model.__name__, rows=queryset.count()
    )
    rows = queryset.order_by("pk").values_list(*names)
    masks = [name in model_admin.personal and not may_export(request.user) for name in names]
    writer = csv.writer(Echo())

    def lines():
        yield "\ufeff"  # spreadsheets read UTF-8 by this mark
        yield writer.writerow(names)
        for row in rows.iterator(chunk_size=2000):
            shown = (
                masked(value) if masks_it else value
                for value, masks_it in zip(row, masks, strict=True)
            )
            yield writer.writerow([harmless(value) for value in shown])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    stamp = timezone.localtime().strftime("%Y-%m-%d")
    name = f"{model._meta.model_name}-{stamp}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


export_csv.short_description = gettext_lazy("Export as CSV")
export_csv.allowed_permissions = ("view",)
