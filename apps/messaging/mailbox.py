"""Where messages land while no provider is set: one JSON file each, shown at /dev/mailbox."""

import json
import os
import re
from html import unescape

from django.conf import settings
from django.utils import timezone

from apps.jsonapi.ids import uuid7

LINK = re.compile(r"https?://[^\s<>\"']+")


def keep(channel: str, to: str, text: str, *, subject: str = "", html: str = "") -> str:
    """Put one message where the mailbox shows it; the id rises with time and names the file."""
    id = str(uuid7())
    links = [link.rstrip(".,;:!?)]") for link in LINK.findall(f"{text} {unescape(html)}")]
    message = {
        "id": id,
        "channel": channel,
        "to": to,
        "subject": subject,
        "text": text,
        "html": html,
        "links": list(dict.fromkeys(links)),
        "created_at": timezone.now().isoformat().replace("+00:00", "Z"),
    }
    settings.MAILBOX_DIR.mkdir(exist_ok=True)
    path = settings.MAILBOX_DIR / f"{id}.json"
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(message, ensure_ascii=False))
    os.replace(unfinished, path)
    return id


def kept() -> list[dict]:
    """Every message, newest first."""
    paths = sorted(settings.MAILBOX_DIR.glob("*.json"), reverse=True)
    return [json.loads(path.read_text()) for path in paths]
