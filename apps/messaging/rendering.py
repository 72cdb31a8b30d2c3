"""A message's words, from `templates/messages/<kind>/`, in its reader's language.

Links are derived here, at the moment of sending: no token is ever stored.
"""

from functools import cache
from typing import NamedTuple

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from apps.messaging.kinds import SMS


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
            text = _line(render_to_string(f"{folder}/sms.txt", context))
            return Rendered(text=text, link=context.get("link", ""))
        return Rendered(
            subject=_line(render_to_string(f"{folder}/subject.txt", context)),
            text=render_to_string(f"{folder}/body.txt", context).strip() + "\n",
            html=_inliner().inline(render_to_string(f"{folder}/body.html", context)),
            sender=context.get("firm_name", ""),
            reply_to=context.get("recruiter_email", ""),
            unsubscribe=context.get("unsubscribe_link", ""),
        )


def _line(text: str) -> str:
    return " ".join(text.split())
