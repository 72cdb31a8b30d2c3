"""The pages that belong to nobody: the start, privacy, help, and the one that is not there."""

from django.conf import settings

from apps.jsonapi import errors
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


def not_found(request, exception):
    """Django's handler404, for people and programs alike."""
    if request.path.startswith("/api/"):
        return errors.unrouted(request)
    return missing(request)


@private
@in_language
def missing(request):
    return page(request, "pages/not_found.html", status=404)
