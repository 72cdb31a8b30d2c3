from apps.jsonapi.filters import Ids, Known, OneOf, Synchronised
from apps.messaging.models import Message


class MessageFilters(Synchronised):
    kind = OneOf()
    channel = Known(choices=Message.Channel.choices)
    status = Known(choices=Message.Status.choices)
    candidate = Ids()

    class Meta:
        model = Message
        fields = []
