"""What was done and what was sent, beside the page of what it is about."""

from django.apps import apps
from django.utils.translation import gettext as _

from apps.staff.columns import message_badge, page_of, when

TIMELINE = 60


def timeline(thing, whole: str) -> list[dict]:
    """The newest first: of this alone ("self"), or of everything about the "candidate"."""
    activities = apps.get_model("activities.Activity").objects
    sent = apps.get_model("messaging.Message").objects
    if whole == "candidate":
        activities, sent = activities.filter(candidate=thing), sent.filter(candidate=thing)
    else:
        kind = {"trackable_type": thing._meta.object_name, "trackable_id": thing.pk}
        activities, sent = activities.filter(**kind), sent.about(thing)
    activities = list(activities.order_by("-id")[:TIMELINE])
    owners = owner_names(activities)

    lines = [
        {
            "at": each.created_at,
            "when": when(each.created_at),
            "what": page_of(each),
            "who": owners.get(each.owner_id) or _("the service"),
            "state": "",
        }
        for each in activities
    ] + [
        {
            "at": each.created_at,
            "when": when(each.created_at),
            "what": page_of(each),
            "who": each.name,
            "state": message_badge(each),
        }
        for each in sent.order_by("-id")[:TIMELINE]
    ]
    return sorted(lines, key=lambda line: line["at"], reverse=True)[:TIMELINE]


def owner_names(activities) -> dict:
    """The names of those who acted, one query for each kind of them."""
    names = {}
    kinds = {each.owner_type for each in activities if each.owner_type}
    for model in apps.get_models():
        if model._meta.object_name in kinds and hasattr(model, "created_at"):
            ids = {each.owner_id for each in activities if each.owner_id}
            rows = model._base_manager.filter(pk__in=ids)
            if model._meta.object_name == "Recruiter":
                rows = rows.select_related("user")
            names |= {row.pk: row.full_name for row in rows if hasattr(row, "full_name")}
    return names
