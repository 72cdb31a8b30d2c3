from apps.activities.filters import ActivityFilters
from apps.activities.models import Activity
from apps.activities.serializers import ActivitySerializer
from apps.jsonapi.views import ResourceViews


class ActivityViews(ResourceViews):
    queryset = Activity.objects.all()
    serializer_class = ActivitySerializer
    filterset_class = ActivityFilters
    sortable = {"created_at": "created_at"}
