from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.firms.models import HiringFirm
from vitay import demo


class Command(BaseCommand):
    help = "Fill the demo firms: candidates in every state, and accounts to sign in with."

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError("The demo has a known password: it needs DEBUG=1.")
        roots = HiringFirm.objects.filter(recruiters__user__email__in=demo.EMAILS)
        if HiringFirm.objects.exclude(pk__in=roots).exists():
            raise CommandError("This database has firms of its own: the demo stays out of it.")
        if roots.exists():
            self.stdout.write("The demo firms are here already.")
            return
        demo.tell()
        self.stdout.write("Demo firms filled.")
