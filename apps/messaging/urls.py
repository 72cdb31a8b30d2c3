"""Where providers reach us; and, while no provider is set, the mailbox in their place."""

from django.conf import settings
from django.urls import include, path

from apps.messaging import mailbox, webhooks

hooks = [
    path("twilio/status/<str:pk>", webhooks.text_status),
    path("twilio/inbound", webhooks.text_received),
]
if "anymail" in settings.EMAIL_BACKEND:
    hooks.append(path("email/", include("anymail.urls")))

development = [
    path("mailbox", mailbox.page, name="mailbox"),
    path("mailbox.json", mailbox.listing, name="mailbox-json"),
    path("mailbox/<uuid:pk>.html", mailbox.email, name="mailbox-email"),
    path("twilio/2010-04-01/Accounts/<str:account>/Messages.json", mailbox.twilio),
]

urlpatterns = [path("hooks/", include(hooks))]
if settings.MAILBOX or settings.TEXTS_TO_MAILBOX:
    urlpatterns.append(path("dev/", include(development)))
