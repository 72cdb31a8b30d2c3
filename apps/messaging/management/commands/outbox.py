from datetime import datetime, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from apps.messaging.models import Message

LATE = timedelta(minutes=5)


class Command(BaseCommand):
    help = (
        "Show what is in the outbox; with --check, fail when it is stuck; with --retry, send "
        "again; with --suppress, after a restore, never send what has gone already."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="exit 1 when messages are stuck")
        parser.add_argument(
            "--retry", action="store_true", help="send again what failed or expired"
        )
        parser.add_argument(
            "--suppress",
            action="store_true",
            help="end what was due or under way: after a restore it has gone already",
        )
        parser.add_argument(
            "--until",
            type=moment,
            default=timezone.now(),
            help="with --suppress: when the workers stopped, 2026-11-23T14:05Z (default: now)",
        )
        parser.add_argument("--kind", help="only messages of this kind")

    def handle(self, *args, check, retry, suppress, until, kind, **options):
        messages = Message.objects.filter(kind=kind) if kind else Message.objects.all()
        late = messages.late()
        if check:
            if late > LATE:
                raise CommandError(f"The oldest due message has waited for {_words(late)}.")
            return
        if retry:
            self.stdout.write(f"{messages.retry()} messages will be tried again.")
            return
        if suppress:
            ended = messages.suppress_gone(until, "by an operator")
            self.stdout.write(f"{ended} messages will not be sent.")
            return
        states = messages.order_by("channel", "status").values_list("channel", "status")
        for channel, status, count in states.annotate(Count("pk")):
            self.stdout.write(f"{channel:6} {status:10} {count:8}")
        self.stdout.write(f"The oldest due message has waited for {_words(late)}.")
        failed = messages.filter(status__in=["failed", "bounced", "expired"])
        reasons = failed.order_by("channel", "error_code", "error")
        for channel, code, error, count in reasons.values_list(
            "channel", "error_code", "error"
        ).annotate(Count("pk")):
            self.stdout.write(f"{count:6} {channel}: {code} {error}")


def moment(text: str) -> datetime:
    """With its zone: an hour too much ends what never went."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def _words(waited: timedelta) -> str:
    return f"{waited.total_seconds():.0f} s"
