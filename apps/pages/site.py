"""The pages that belong to nobody: the start, privacy, help."""

from django.conf import settings

from apps.pages.links import in_language, page, private


@private
@in_language
def start(request):
    here = {"debug": settings.DEBUG, "mailbox": settings.MAILBOX, "docs": "/api/docs"}
    return page(request, "pages/start.html", here)


@private
@in_language
def privacy(request):
    return page(request, "pages/privacy.html")


@private
@in_language
def help(request):
    return page(request, "pages/help.html")
