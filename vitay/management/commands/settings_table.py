"""Settings as a table in docs/deploy.md, from .env.example, which a test holds to the code."""

import re

from django.conf import settings
from django.core.management.base import BaseCommand

BEGIN, END = "<!-- settings -->", "<!-- /settings -->"
HEADING = re.compile(r"# --- (.+?) -+$")
SETTING = re.compile(r"#?([A-Z][A-Z_]+)=(.*)$")


def table() -> str:
    """A table for each group, a line for each setting; comments stand at the first of several."""
    lines, words = [], []
    for line in (settings.BASE_DIR / ".env.example").read_text().splitlines()[3:]:
        if heading := HEADING.match(line):
            title = heading[1][0].upper() + heading[1][1:]
            lines += ["", f"**{title}**", "", "| setting | default | |", "|-|-|-|"]
            words = []
        elif setting := SETTING.match(line):
            name, value = setting.groups()
            default = f"`{value}`" if value else ""
            lines.append(f"| `{name}` | {default} | {' '.join(words)} |")
            words = []
        elif line.startswith("#"):
            words.append(line.removeprefix("#").strip().replace("|", "\\|"))
    return "\n".join(lines).strip()


class Command(BaseCommand):
    help = "Write the table of settings into docs/deploy.md."
    requires_system_checks = []

    def handle(self, **options):
        path = settings.BASE_DIR / "docs" / "deploy.md"
        text = path.read_text()
        before, after = text.partition(BEGIN)[0], text.partition(END)[2]
        path.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}")
