"""The API's operations without a resource: ping, Postman, the schema's pages."""

from apps.jsonapi.views import Wire


class PingView(Wire):
    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    def get(self, request):
        return self.said("Pong")
