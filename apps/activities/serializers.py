from django.db.models import Exists, OuterRef

from apps.activities.models import Activity
from apps.jsonapi.relations import AnyLinkage
from apps.jsonapi.serializers import ResourceSerializer
from apps.jsonapi.shapes import Shape


class ActivitySerializer(ResourceSerializer):
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
        """What has been destroyed is linked to no more; its type and id stay."""
        destroyed = Activity.objects.filter(
            trackable_type=OuterRef("trackable_type"),
            trackable_id=OuterRef("trackable_id"),
            key__endswith=".destroy",
        )
        return queryset.annotate(trackable_gone=Exists(destroyed))
