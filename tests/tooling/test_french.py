"""Every sentence of ours exists in French, and the compiled catalogs are the written ones."""

import io
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
CATALOGS = sorted(ROOT.glob("apps/*/locale/fr/LC_MESSAGES/django.po")) + [
    ROOT / "vitay/locale/fr/LC_MESSAGES/django.po"
]
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def strings():
    """What gettext will be asked for: (context, string or (singular, plural)) and where."""
    sources = [path for top in ("apps", "vitay") for path in ROOT.glob(f"{top}/**/*.py")]
    for path in sorted([*sources, *ROOT.glob("templates/**/*.*")]):
        source = path.read_text()
        if path.suffix != ".py":
            source = templatize(source, origin=str(path))
            source = "\n".join(line.strip() for line in source.splitlines())
        for _, string, _, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            yield context, string, path.relative_to(ROOT)


def read(path):
    with path.open("rb") as file:
        return read_po(file, locale="fr")


def test_every_sentence_is_there_in_french():
    known = trans_real.translation("fr")._catalog  # ours, and Django's own
    missing = set()
    for context, string, path in strings():
        key = string if isinstance(string, str) else string[0]
        asked = key if context is None else f"{context}\x04{key}"
        if asked not in known and (asked, 0) not in known:
            missing.add(f"{path}: {key}")
    assert not missing, "\n".join(sorted(missing))


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-5])
def test_nothing_is_left_fuzzy_or_empty(path):
    for entry in read(path):
        texts = [entry.string] if isinstance(entry.string, str) else entry.string
        assert not entry.id or (all(texts) and not entry.fuzzy), entry.id


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-5])
def test_what_is_compiled_is_what_is_written(path):
    """Else: .venv/bin/pybabel compile -D django -d <the app>/locale"""
    compiled = io.BytesIO()
    write_mo(compiled, read(path))
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue()
