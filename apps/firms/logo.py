"""Logos: only pictures get in, and only as we encode them."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMAT = "PNG"  # what is stored, whatever came
FORMATS = ("PNG", "JPEG", "WEBP")
MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 8_000_000
SIDE = 800  # stored no larger than this


def read(upload) -> ContentFile:
    """The picture encoded anew. ValidationError on `logo_file` for anything else."""
    if upload.size > MAX_BYTES:
        raise _refused(_("A logo has at most 2 MB."), "too_large")
    try:
        # Opening reads the header only: the bound on pixels comes before any decoding.
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _refused(_("A logo has at most 8 megapixels."), "too_large")
            picture.load()
            kept = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused(_("Send a PNG, JPEG or WebP picture."), "invalid_image") from error
    kept.thumbnail((SIDE, SIDE))
    encoded = BytesIO()
    kept.save(encoded, FORMAT, optimize=True)
    return ContentFile(encoded.getvalue())


def _refused(message: str, code: str) -> ValidationError:
    return ValidationError({"logo_file": ValidationError(message, code=code)})
