"""JSON logs with request and task ids, and without personal data."""

import logging
import re

import structlog

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"\+\d{8,15}")
_LINK = re.compile(r"/r/[\w-]{20,}")
_BEARER = re.compile(r"(?i)(bearer|link)\s+[\w.~+/=-]{20,}")


def redact(text: str) -> str:
    """No email, phone or token reaches a log, whoever wrote the line."""
    text = _LINK.sub("/r/[link]", text)
    text = _BEARER.sub(r"\1 [token]", text)
    return _PHONE.sub("[phone]", _EMAIL.sub("[email]", text))


class Redact(logging.Filter):
    def filter(self, record):
        record.msg, record.args = redact(record.getMessage()), ()
        return True


class JSONFormatter(structlog.stdlib.ProcessorFormatter):
    def __init__(self):
        super().__init__(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _redact_exception,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        )


def _redact_exception(logger, method, event):
    if "exception" in event:
        event["exception"] = redact(event["exception"])
    return event
