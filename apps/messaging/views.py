from apps.jsonapi.views import ResourceViews
from apps.messaging.filters import MessageFilters
from apps.messaging.models import Message
from apps.messaging.serializers import MessageSerializer


class MessageViews(ResourceViews):
    queryset = Message.objects.all()
    serializer_class = MessageSerializer
    filterset_class = MessageFilters
    sortable = {"created_at": "created_at", "sent_at": "sent_at"}
