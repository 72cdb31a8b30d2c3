"""A message's words, from `templates/messages/<kind>/`, in its reader's language.

Links are derived here, at the moment of sending: no token is ever stored.
"""

from functools import cache
from typing import NamedTuple

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import Truncator

from apps.messaging.kinds import SMS

# The alphabet of texts. With any other letter a text takes more than twice the room.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO_SEGMENTS, THREE_SEGMENTS = 2 * 153, 3 * 67  # in that alphabet; in any other
NAMES = ("firm_name", "candidate_name", "recruiter_name", "first_name")
ROOM = (201, 60, 40, 30, 20, 17)  # letters of a name: all that there may be, then ever fewer


class Rendered(NamedTuple):
    subject: str = ""
    text: str = ""
    html: str = ""
    link: str = ""
    sender: str = ""  # the firm
    reply_to: str = ""
    unsubscribe: str = ""


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def render(message, about) -> Rendered:
    """The words of one message. Raises what its templates raise."""
    with translation.override(message.language):
        context = {
            "name": message.name,
            "first_name": message.name.split(" ")[0],
            "public_url": settings.PUBLIC_URL,
            "privacy_link": f"{settings.PUBLIC_URL}/privacy",
            **about.message_context(message),
            **message.parameters,
        }
    return words(message.kind, message.channel, message.language, context)


def words(kind: str, channel: str, language: str, context: dict) -> Rendered:
    """One kind's templates on one channel, filled in."""
    folder, context = f"messages/{kind}", context | {"language": language}
    with translation.override(language):
        if channel == SMS:
            return Rendered(text=_text(folder, context), link=context.get("link", ""))
        return Rendered(
            subject=_line(render_to_string(f"{folder}/subject.txt", context)),
            text=render_to_string(f"{folder}/body.txt", context).strip() + "\n",
            html=_inliner().inline(render_to_string(f"{folder}/body.html", context)),
            sender=context.get("firm_name", ""),
            reply_to=context.get("recruiter_email", ""),
            unsubscribe=context.get("unsubscribe_link", ""),
        )


def _text(folder: str, context: dict) -> str:
    """In at most two segments, or three with a letter outside GSM-7: long names end in dots."""
    for room in ROOM:
        names = {name: Truncator(context.get(name, "")).chars(room, "...") for name in NAMES}
        text = _line(render_to_string(f"{folder}/sms.txt", context | names))
        plain = set(text) <= GSM
        if len(text.encode("utf-16-be")) // 2 <= (TWO_SEGMENTS if plain else THREE_SEGMENTS):
            break
    return text


def _line(text: str) -> str:
    return " ".join(text.split())
