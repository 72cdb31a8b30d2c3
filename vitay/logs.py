"""JSON logs with request and task ids, and without personal data."""

import logging
import re

import structlog

from apps.jsonapi.middleware import current

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"\+\d{8,15}")
_LINK = re.compile(r"/(r|references)/[\w-]{40,}")  # longer than an id
_BEARER = re.compile(r"(?i)(bearer|link)\s+[\w.~+/=-]{20,}")
# What PostgreSQL adds to an error: the whole row, with its names and words, to the error's end.
_ROW = re.compile(r"(?s)D[EÉ]TAIL ?: .*?(?=\n\n(?:The above exception|During handling)|\Z)")


def redact(text: str) -> str:
    """No email, phone or token reaches a log, whoever wrote the line."""
    text = _LINK.sub(r"/\1/[link]", text)
    text = _BEARER.sub(r"\1 [token]", text)
    return _PHONE.sub("[phone]", _EMAIL.sub("[email]", text))


def without_rows(text: str) -> str:
    """An error of the database says what was wrong, and not in whose row."""
    return _ROW.sub("[row]", text)


class Redact(logging.Filter):
    def filter(self, record):
        record.msg, record.args = redact(without_rows(record.getMessage())), ()
        return True


class NotOurs(logging.Filter):
    """What Django refuses a client is told, and is no failure: no traceback, no call."""

    def filter(self, record):
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        return True


class JSONFormatter(structlog.stdlib.ProcessorFormatter):
    def __init__(self):
        super().__init__(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _no_rows,
                structlog.processors.JSONRenderer(),
                _redacted,
            ],
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                _request_id,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                _of_request,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        )


def _request_id(logger, method, event):
    """The id that the caller was answered with, too."""
    if current.get():
        event["request_id"] = current.get()
    return event


def _of_request(logger, method, event):
    """Django's lines bring the request: its id is kept, its query looks for people by name."""
    request = event.pop("request", None)
    if hasattr(request, "id"):
        event["request_id"] = request.id
    return event


def _no_rows(logger, method, event):
    if "exception" in event:
        event["exception"] = without_rows(event["exception"])
    return event


def _redacted(logger, method, line):
    """The whole line: also what an exception or an object says of itself."""
    return redact(line)
