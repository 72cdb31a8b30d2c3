import sys

from django.core.management.base import BaseCommand

from vitay.doctor import Verdict, examine


class Command(BaseCommand):
    help = "Look at this deployment, and say what to do about what is wrong with it."
    requires_system_checks = []

    def handle(self, **options):
        colours = {
            Verdict.GOOD: self.style.SUCCESS,
            Verdict.NOTE: self.style.WARNING,
            Verdict.BAD: self.style.ERROR,
        }
        wrong = 0
        for name, finding in examine():
            wrong += finding.verdict is Verdict.BAD
            verdict = colours[finding.verdict](f"{finding.verdict:<4}")
            self.stdout.write(f"{verdict} {name:<10} {finding.words}")
            if finding.advice:
                self.stdout.write(f"{'':16}→ {finding.advice}")
        if wrong:
            self.stdout.write(f"{wrong} to mend.")
            sys.exit(1)
        self.stdout.write("All is well.")
