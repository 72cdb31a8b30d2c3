"""`/d/<number>`: anyone who holds a document can see whether it is the one that was issued."""

import hashlib

from django.conf import settings
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.documents.models import Document


@csrf_exempt  # a file goes in, a yes or no comes out, and nothing is kept
@require_http_methods(["GET", "HEAD", "POST"])
def check(request, number: str):
    """What was issued under this number, and whether a file is that; nothing about anybody."""
    asked = request.GET.get("lang")
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()[:2]
    other = "en" if language == "fr" else "fr"
    plain = "".join(each for each in number if each.isalnum()).upper()  # as people type it
    found = Document.objects.filter(number=plain).first()
    with translation.override(language):
        context = {
            "document": found,
            "language": language,
            "other_language": other,
            "other_address": f"{request.path}?lang={other}",
            "matches": compare(request.FILES.get("file"), found) if found else None,
        }
        response = render(request, "documents/check.html", context, status=200 if found else 404)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Language"] = language
    return response


def compare(upload, document) -> bool | None:
    """Whether the file is byte for byte what was issued; None without one."""
    if upload is None:
        return None
    if upload.size != document.size:
        return False
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest() == document.sha256
