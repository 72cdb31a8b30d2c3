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
# Three times what a page shows, and 254 dots an inch in print.
BOX = (600, 180)
# A page weighs no more for a firm that sends a photograph: then it has fewer colours.
LIGHT = 60_000
COLOURS = (256, 64, 16)


def read(upload, *, field="logo_file", box=BOX, format=FORMAT) -> ContentFile:
    """The picture encoded anew, within `box`. ValidationError on `field` for anything else."""
    if upload.size > MAX_BYTES:
        raise _refused(field, _("This picture is over 2 MB: send a smaller one."), "too_large")
    try:
        # Opening reads the header only: the bound on pixels comes before any decoding.
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                words = _("This picture is over 8 megapixels: send a smaller one.")
                raise _refused(field, words, "too_large")
            picture.load()
            kept = ImageOps.exif_transpose(picture)
    except ValidationError:
        raise
    except Exception as error:  # bytes that a stranger made fail in more ways than Pillow names
        raise _refused(field, _("Send a PNG, JPEG or WebP picture."), "invalid_image") from error
    if kept.mode.startswith("I"):  # sixteen bits of grey, which `convert` would only cut off
        kept = kept.point(lambda grey: grey * (1 / 256)).convert("L")
    kept = kept.convert("RGBA")
    kept.thumbnail(box)
    if format == "JPEG":  # knows no transparency: on white
        kept = Image.alpha_composite(Image.new("RGBA", kept.size, "white"), kept).convert("RGB")
    encoded = _encoded(kept, format)
    for colours in COLOURS if format == FORMAT else ():
        if len(encoded) <= LIGHT:
            break
        encoded = _encoded(kept.quantize(colours, Image.Quantize.FASTOCTREE), format)
    return ContentFile(encoded)


def _encoded(picture: Image.Image, format: str) -> bytes:
    found = BytesIO()
    picture.save(found, format, optimize=True)
    return found.getvalue()


def _refused(field: str, message: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code)})
