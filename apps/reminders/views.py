from apps.jsonapi.views import Scoped
from apps.reminders.models import held_until_words


class RemindView(Scoped):
    """The URL chooses whom; the view knows no Reference."""

    def post(self, request, pk):
        return self.said(held_until_words(self.get_object().remind(request.user.recruiter)))
