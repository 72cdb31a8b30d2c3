"""People's words, made safe for print: what they wrote, without what could break a page."""

import re
import unicodedata

LINES, LETTERS = 60, 6000
# Line feeds are kept by `long_text`; controls, surrogates, and marks that turn the direction of
# other people's text are not.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef"
    "\ufeff\ufff0-\uffff]"
)


def clean(text: str) -> str:
    """One line."""
    return " ".join(UNPRINTABLE.sub("", _breaks(text)).split())


def long_text(text: str) -> str:
    """Paragraphs as written: at most LINES of them, with no empty ones in a row."""
    text = UNPRINTABLE.sub("", _breaks(text))[:LETTERS]
    lines = [line.strip() for line in text.split("\n")]
    kept = [line for line in lines if line]
    if len(kept) > LINES:
        kept = [*kept[: LINES - 1], " ".join(kept[LINES - 1 :])]
    return "\n".join(kept)


def _breaks(text: str) -> str:
    text = unicodedata.normalize("NFC", text or "")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\f", "\n")
