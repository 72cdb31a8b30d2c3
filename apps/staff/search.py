"""What staff type into a search, as the tables hold it."""

import uuid


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None


def digits_as_stored(words: str) -> str:
    """(514) 555-0142 as the column holds it: 5145550142. Other words stay as they are."""
    bare = words.translate(str.maketrans("", "", " ()-.+\u00a0\u2011"))
    if bare.isdigit() and len(bare) >= 7:
        return bare[1:] if len(bare) == 11 and bare.startswith("1") else bare
    return words
