"""The pages that belong to nobody: the start, privacy, help."""

from django.conf import settings

from apps.pages.links import in_language, page, private


@private
@in_language
def start(request):
    return page(request, "pages/start.html", {"debug": settings.DEBUG, "mailbox": settings.MAILBOX})


@private
@in_language
def privacy(request):
    return page(request, "pages/privacy.html")


@private
@in_language
def help(request):
    return page(request, "pages/help.html")
