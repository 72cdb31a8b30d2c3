"""Every operation, one per line. A version is a word in a path, never an `if`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("apps.messaging.urls")),  # provider webhooks; the mailbox
]
