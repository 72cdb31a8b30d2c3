import signal
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.messaging import mailbox

SIZE_LIMIT = 10_000_000


class Keep:
    """Accepts whatever is sent, and keeps it."""

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
        kept = mailbox.keep(
            "email",
            ", ".join(envelope.rcpt_tos),
            text.get_content() if text else "",
            subject=str(mail.get("Subject", "")).strip(),  # a long one is folded
            html=html.get_content() if html else "",
        )
        return f"250 Kept as {kept['id']}"


class Command(BaseCommand):
    help = "Take every email by SMTP and show it at /dev/mailbox instead of sending it."
    requires_system_checks = ()

    def handle(self, *args, **options):
        host, port = settings.MAILBOX_HOST, settings.MAILBOX_SMTP_PORT
        stop = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, stop)  # before the threads, which inherit it
        listener = Controller(
            Keep(), hostname=host, port=port, data_size_limit=SIZE_LIMIT, decode_data=False
        )
        try:
            listener.start()
        except OSError as error:
            raise CommandError(
                f"No mail can be taken on {host}:{port}: {error.strerror}."
            ) from error
        signal.sigwait(stop)
        listener.stop()
