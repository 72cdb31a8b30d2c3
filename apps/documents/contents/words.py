"""People's words, made safe for print: what they wrote, without what could break a page."""

import re
import unicodedata

LINES, LETTERS = 60, 6000
NBSP = "\u00a0"
# Line feeds are kept by `long_text`; controls, surrogates, and marks that turn the direction of
# other people's text are not.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef"
    "\ufeff\ufff0-\uffff]"
)


# Where French has a space that no line may end with: « mot », 9 h, 20 %, 1 500 $.
TIED = re.compile("(?<=«) | (?=[»?!;:%$])|(?<=[0-9]) (?=(?:[0-9]{3}|h)\\b)")
BLANK = re.compile(r"\n\s*\n")
# A word that nothing breaks is set whole again for each of its lines, which took ten times as long:
# here it may break.
LONG = re.compile(r"(\S{40})(?=[!-~\w])")


def clean(text: str) -> str:
    """One line."""
    return _set(" ".join(UNPRINTABLE.sub("", _breaks(text)).split()))


def long_text(text: str) -> str:
    """Paragraphs and lines as written: at most LINES, with no empty ones in a row."""
    text = UNPRINTABLE.sub("", _breaks(text))[:LETTERS].strip()
    lines = [line.strip() for line in BLANK.sub("\n\n", text).split("\n")]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], " ".join(filter(None, lines[LINES - 1 :]))]
    return _set("\n".join(lines))


def _set(text: str) -> str:
    return LONG.sub("\\1\u200b", TIED.sub(NBSP, text))


def _breaks(text: str) -> str:
    text = unicodedata.normalize("NFC", text or "")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\f", "\n")
