from django.core.management.base import BaseCommand

from apps.messaging.models import Message
from vitay.health import OUTBOX_LATE, outbox_age


class Command(BaseCommand):
    help = "What waits to be sent. With --check: exit 1 when something due has waited too long."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check: bool, **options):
        age = outbox_age()
        waiting = Message.objects.waiting().count()
        self.stdout.write(f"{waiting} messages wait; the oldest is due for {age:.0f} s.")
        if check and age > OUTBOX_LATE:
            raise SystemExit(1)
