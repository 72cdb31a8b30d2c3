"""Search without case and accents, the same on every database: stored columns hold folded text."""

import re
import unicodedata

import phonenumbers
from django.conf import settings
from django.db import models
from django.db.models import Q

# Letters that don't decompose; apostrophes, which phones and word processors write differently.
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "'": "", "’": ""})
PHONE = re.compile(r"\s*[+(]?\d[\d\s().-]{5,}\d\s*", re.ASCII)


def fold(*texts: str | None) -> str:
    """The texts joined by spaces, without case, accents, apostrophes and doubled spaces."""
    joined = " ".join(text for text in texts if text)
    decomposed = unicodedata.normalize("NFKD", joined.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.translate(LETTERS).split())


class SearchableQuerySet(models.QuerySet):
    """Rows with a folded `search` column."""

    MOST_WORDS = 400  # more than any row holds, fewer than SQLite takes in one query

    def search(self, words: str):
        """Every word, folded, somewhere in what the row is found by; a phone however spelled."""
        looked_for = dict.fromkeys(fold(words).split())
        if len(looked_for) > self.MOST_WORDS:
            return self.none()
        found = Q()
        for word in looked_for:
            found &= Q(search__contains=word)
        if digits := phone_digits(words):
            found |= Q(search__contains=digits)
        return self.filter(found)


def phone_digits(words: str) -> str:
    """What may be a phone, as rows hold it: without its country and signs; else nothing."""
    try:
        number = PHONE.fullmatch(words) and phonenumbers.parse(words, settings.DEFAULT_PHONE_REGION)
    except phonenumbers.NumberParseException:
        number = None
    return phonenumbers.national_significant_number(number) if number else ""
