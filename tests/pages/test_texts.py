"""Every word of the pages exists in French, in Quebec's typography."""

import io
import re
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

BASE = Path(settings.BASE_DIR)
CATALOG = BASE / "apps/pages/locale/fr/LC_MESSAGES"
ELSEWHERE = "unsubscribe"  # belongs to the messages, and to their catalog
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def sources():
    for path in [*BASE.glob("templates/pages/**/*.html"), *BASE.glob("apps/pages/*.py")]:
        if ELSEWHERE not in path.name:
            text = path.read_text()
            yield text if path.suffix == ".py" else templatize(text)


def asked():
    found = set()
    for source in sources():
        for _line, words, _notes, context in extract(
            "python", io.BytesIO(source.encode()), keywords=KEYWORDS
        ):
            found.add((context, words if isinstance(words, str) else tuple(words[:2])))
    return found


def catalog():
    with (CATALOG / "django.po").open("rb") as file:
        return read_po(file, locale="fr")


def test_every_word_is_translated_and_none_is_left_over():
    known = {(each.context, each.id) for each in catalog() if each.id and not each.fuzzy}
    assert asked() - known == set() and known - asked() == set()
    assert all(all(each.string) for each in catalog() if isinstance(each.string, tuple))


def test_the_compiled_catalog_is_fresh():
    fresh = io.BytesIO()
    write_mo(fresh, catalog())
    assert (CATALOG / "django.mo").read_bytes() == fresh.getvalue()


def test_french_is_set_as_in_quebec():
    for each in catalog():
        for text in each.string if isinstance(each.string, tuple) else [each.string]:
            bare = re.sub(r"<[^>]+>", "", text)
            if each.id:
                assert not re.search(r"[^\u00a0\d]:(?!\w)|[ \u00a0][?!;]|« | »|'", bare), bare
