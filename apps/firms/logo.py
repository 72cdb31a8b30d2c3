"""Logos, and other pictures sent to us: only pictures get in, and only as we encode them."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMAT = "PNG"  # what is stored of a logo, whatever came
FORMATS = ("PNG", "JPEG", "WEBP")
MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 8_000_000
SIDE = 800  # stored no larger than this


def read(upload, *, field="logo_file", side=SIDE, format=FORMAT) -> ContentFile:
    """The picture encoded anew. ValidationError on `field` for anything else."""
    if upload.size > MAX_BYTES:
        raise _refused(field, _("A picture has at most 2 MB."), "too_large")
    try:
        # Opening reads the header only: the bound on pixels comes before any decoding.
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _refused(field, _("A picture has at most 8 megapixels."), "too_large")
            picture.load()
            kept = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused(field, _("Send a PNG, JPEG or WebP picture."), "invalid_image") from error
    kept.thumbnail((side, side))
    if format == "JPEG":  # knows no transparency: on white
        kept = Image.alpha_composite(Image.new("RGBA", kept.size, "white"), kept).convert("RGB")
    encoded = BytesIO()
    kept.save(encoded, format, optimize=True)
    return ContentFile(encoded.getvalue())


def _refused(field: str, message: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code)})
