import random
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.firms import logo
from tests.references.test_simultaneous import at_once, fresh


@pytest.fixture
def stored(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.PUBLIC_URL = ""


def picture(kind="PNG", size=(40, 20)):
    written = BytesIO()
    Image.new("RGB", size, "#8a1538").save(written, kind)
    written.seek(0)
    written.name = f"logo.{kind.lower()}"
    return written


def test_everybody_sees_a_logo_and_nothing_beside_it(stored, as_alice, alice, client, tmp_path):
    path = f"/api/v1/hiring_firms/{alice.hiring_firm_id}/logo"
    answer = as_alice.patch(path, {"logo_file": picture("JPEG")}, format="multipart")
    assert answer.status_code == 200, answer.content
    url = answer.json()["data"]["attributes"]["logo_url"]
    shown = client.get(url)
    assert shown["Content-Type"] == "image/png"
    assert Image.open(BytesIO(shown.getvalue())).size == (40, 20)
    (tmp_path / "secret.txt").write_text("private")
    for wrong in ("..%2Fsecret.txt", "%2e%2e%2fsecret.txt", "missing.png", "..", "%00"):
        assert client.get(f"/media/logos/{wrong}").status_code == 404


def test_a_photograph_weighs_no_more_than_a_logo_may(stored, as_alice, alice, client):
    """It is on every page and in every document of the firm."""
    noise = Image.frombytes("RGB", (1600, 500), random.Random(1).randbytes(1600 * 500 * 3))
    written = BytesIO()
    noise.save(written, "JPEG", quality=80)
    written.seek(0)
    written.name = "logo.jpeg"
    path = f"/api/v1/hiring_firms/{alice.hiring_firm_id}/logo"
    assert as_alice.patch(path, {"logo_file": written}, format="multipart").status_code == 200
    alice.hiring_firm.refresh_from_db()
    kept = alice.hiring_firm.logo
    assert kept.size <= 60_000 and (kept.width, kept.height) == (576, 180)


def test_damaged_metadata_is_refused_and_no_fault():
    """Pillow fails on it in ways of Python's own."""
    exif = Image.Exif()
    exif[0x0112], exif[0x011A] = 6, 72.0  # turned; so many dots an inch
    written = BytesIO()
    Image.new("RGB", (40, 20)).save(written, "JPEG", exif=exif)
    damaged = written.getvalue().replace(b"\x01\x1a\x00\x05", b"\x01\x1a\x00\x02")
    assert damaged != written.getvalue()
    with pytest.raises(ValidationError) as refused:
        logo.read(SimpleUploadedFile("logo.jpeg", damaged))
    assert refused.value.error_dict["logo_file"][0].code == "invalid_image"


def test_sixteen_bits_of_grey_stay_grey():
    written = BytesIO()
    Image.new("I;16", (40, 20), 40_000).save(written, "PNG")
    kept = logo.read(SimpleUploadedFile("logo.png", written.getvalue()))
    assert Image.open(kept).convert("L").getpixel((5, 5)) == 40_000 // 256


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_logos_sent_at_once_one_file_is_left(stored, alice, tmp_path):
    at_once(*[lambda: fresh(alice.hiring_firm).change_logo(alice, upload()) for _ in range(4)])
    kept = fresh(alice.hiring_firm).logo.name
    assert [f"logos/{each.name}" for each in (tmp_path / "logos").iterdir()] == [kept]


def upload():
    return SimpleUploadedFile("logo.png", picture().getvalue())
