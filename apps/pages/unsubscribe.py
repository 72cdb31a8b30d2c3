"""No more reminders by email: from the link in each, or by a mail program's own button."""

from django.utils import translation

from apps.links.tokens import Purpose, read, resolve
from apps.pages.links import LinkConverter, page, private, unknown

PURPOSES = (
    Purpose.UNSUBSCRIBE_REQUEST,
    Purpose.UNSUBSCRIBE_REFERENCE,
    Purpose.UNSUBSCRIBE_VERIFICATION,
)


class UnsubscribeLink(LinkConverter):
    def to_python(self, value: str) -> str:
        link = read(value)
        if link is None or link.purpose not in PURPOSES:
            raise ValueError
        return value


@private
def unsubscribe(request, token):
    """A scanner's GET asks; the person's POST does, also as RFC 8058's one click."""
    _purpose, target = resolve(token) or (None, None)
    if target is None:
        return unknown(request)
    wanted = request.GET.get("lang")
    request.target = target
    with translation.override(wanted if wanted in ("en", "fr") else target.message_language):
        if request.method == "POST":
            target.unsubscribe()
        return page(request, "pages/unsubscribe.html", {"done": target.is_unsubscribed})
