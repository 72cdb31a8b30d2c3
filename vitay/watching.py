"""Sentry, where SENTRY_DSN is set: what broke and where, and nothing about whom."""

import re

import sentry_sdk
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.utils import BadDsn

from vitay.logs import redact, without_rows

# Whatever an error quotes may be somebody's name or words.
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|“[^”]*”|\([^()]*\)=\([^()]*\)")
NEVER = {
    "cookies",
    "data",
    "env",
    "headers",
    "query_string",
    "user",
    "vars",
    "extra",
    "server_name",
}


def start() -> None:
    if not settings.SENTRY_DSN:
        return
    try:
        sentry_sdk.init(
            settings.SENTRY_DSN,
            release=settings.VERSION,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            traces_sample_rate=0,
            before_send=scrubbed,
        )
    except BadDsn as error:
        raise ImproperlyConfigured(f"Correct SENTRY_DSN: {error}.") from error


def scrubbed(event: dict, hint: dict) -> dict:
    """The event without request, variables, quotations, addresses and tokens."""
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = QUOTED.sub("[…]", exception.get("value") or "")
    if "logentry" in event:
        event["logentry"] = {"message": QUOTED.sub("[…]", event["logentry"].get("message", ""))}
    return _without(event)


def _without(value):
    if isinstance(value, dict):
        return {name: _without(each) for name, each in value.items() if name not in NEVER}
    if isinstance(value, list | tuple):
        return [_without(each) for each in value]
    return redact(without_rows(value)) if isinstance(value, str) else value
