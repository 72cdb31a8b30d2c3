from django.db.models import Case, Exists, OuterRef, When
from rest_framework import serializers

from apps.activities.models import Activity
from apps.jsonapi.relations import AnyLinkage
from apps.jsonapi.resources import resource_models, type_name
from apps.jsonapi.serializers import ResourceSerializer
from apps.jsonapi.shapes import Shape


class Noun(serializers.CharField):
    """The type of whom it is about; null where there is nobody, as the id beside it."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value):
        return value or None


class ActivitySerializer(ResourceSerializer):
    owner_type = Noun()
    recipient_type = Noun()
    trackable = AnyLinkage(unless="trackable_gone")
    owner = AnyLinkage()
    recipient = AnyLinkage()
    documented = Shape(id_attribute=True)

    class Meta:
        model = Activity
        fields = [
            "trackable_type",
            "trackable_id",
            "owner_type",
            "owner_id",
            "recipient_type",
            "recipient_id",
            "key",
            "parameters",
            "created_at",
            "updated_at",
            "trackable",
            "owner",
            "recipient",
        ]
        read_only_fields = fields

    @classmethod
    def prepare(cls, queryset):
        """What is gone is linked to no more; its type and id stay."""
        same = {
            "trackable_type": OuterRef("trackable_type"),
            "trackable_id": OuterRef("trackable_id"),
        }
        destroyed = Activity.objects.filter(**same, key__endswith=".destroy")
        gone = Case(
            When(Exists(destroyed), then=True),  # by a verb, though its row may be kept
            *(
                When(
                    trackable_type=type_name(model),
                    then=~Exists(model._base_manager.filter(pk=OuterRef("trackable_id"))),
                )
                for model in resource_models()
            ),
            default=True,
        )
        return queryset.annotate(trackable_gone=gone)
