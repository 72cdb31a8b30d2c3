"""The one folder of the storage that anybody may read: logos, under random names."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404


def logo(request, name: str) -> FileResponse:
    """A firm's logo, where the storage has no address of its own. Always a PNG: we encoded it."""
    try:
        stored = default_storage.open(f"logos/{name}")
    except (OSError, ValueError) as error:
        raise Http404 from error
    response = FileResponse(stored, content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400, immutable"
    return response
