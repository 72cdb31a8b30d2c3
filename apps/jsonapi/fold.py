"""Search without case and accents, the same on every database: stored columns hold folded text."""

import unicodedata

from django.db import models

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})


def fold(*texts: str | None) -> str:
    """The texts joined by spaces, without case, accents and doubled spaces."""
    joined = " ".join(text for text in texts if text)
    decomposed = unicodedata.normalize("NFKD", joined.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.translate(LIGATURES).split())


class SearchableQuerySet(models.QuerySet):
    """Rows with a folded `search` column."""

    MOST_WORDS = 400  # more than any row holds, fewer than SQLite takes in one query

    def search(self, words: str):
        """Every word, folded, somewhere in what the row is found by."""
        looked_for = dict.fromkeys(fold(words).split())
        if len(looked_for) > self.MOST_WORDS:
            return self.none()
        found = self
        for word in looked_for:
            found = found.filter(search__contains=word)
        return found
