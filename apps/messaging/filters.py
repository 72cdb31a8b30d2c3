from apps.jsonapi.filters import OneOf, Synchronised
from apps.messaging.models import Message


class MessageFilters(Synchronised):
    kind = OneOf()
    channel = OneOf()
    status = OneOf()

    class Meta:
        model = Message
        fields = []
