"""The pages that belong to nobody: the start, privacy, help, and those for what went wrong."""

from django.conf import settings

from apps.jsonapi import errors
from apps.pages.links import in_language, page, private, sorry


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


# The handlers of urls.py: an error document under /api, a page elsewhere.
def bad_request(request, exception):
    if request.path.startswith("/api/"):
        return errors.bad_request(request)
    return sorry(request, "pages/refused.html", 400)


def not_found(request, exception):
    if request.path.startswith("/api/"):
        return errors.unrouted(request)
    return sorry(request, "pages/not_found.html", 404)


def server_error(request):
    if request.path.startswith("/api/"):
        return errors.server_error(request)
    return sorry(request, "pages/trouble.html", 500)
