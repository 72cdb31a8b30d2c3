from html import escape
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.messaging.kinds import EMAIL, KINDS
from apps.messaging.rendering import words
from apps.messaging.samples import sample

ROW = """<article><h2>{kind} · {language}</h2><p><b>{subject}</b></p>
{frame}<pre>{text}</pre></article>
"""
PAGE = """<!doctype html><meta charset="utf-8"><title>Messages</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 64rem; margin: auto }}
iframe {{ width: 100%; height: 46rem; border: 1px solid }} pre {{ white-space: pre-wrap }}</style>
{rows}"""


class Command(BaseCommand):
    help = "Write every message in both languages to a folder, with an index.html to look at them."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--out", type=Path, required=True, help="the folder")

    def handle(self, *args, out, **options):
        out.mkdir(parents=True, exist_ok=True)
        rows = []
        for kind, rule in KINDS.items():
            for channel in rule.channels:
                for language, _name in settings.LANGUAGES:
                    rows.append(write(out, kind, channel, language))
        (out / "index.html").write_text(PAGE.format(rows="".join(rows)))
        self.stdout.write(f"{len(rows)} messages: {out / 'index.html'}")


def write(out: Path, kind: str, channel: str, language: str) -> str:
    message = words(kind, channel, language, sample(kind, language))
    name = f"{kind}.{channel}.{language}"
    (out / f"{name}.txt").write_text(message.text)
    frame = ""
    if channel == EMAIL:
        (out / f"{name}.html").write_text(message.html)
        frame = f'<iframe src="{name}.html" loading="lazy" title="{name}"></iframe>'
    return ROW.format(
        kind=f"{kind}, {channel}",
        language=language,
        subject=escape(message.subject),
        frame=frame,
        text=escape(message.text),
    )
