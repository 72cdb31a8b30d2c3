"""What the documents say of settings and metrics is what the code has."""

from django.conf import settings

from tests.conftest import fill
from vitay.health import CHECKS
from vitay.management.commands.settings_table import BEGIN, END, table

DOCS = settings.BASE_DIR / "docs"


def test_the_table_of_settings_is_current():
    written = (DOCS / "deploy.md").read_text().partition(BEGIN)[2].partition(END)[0]
    assert written.strip() == table(), "run manage.py settings_table"


def test_every_metric_is_explained(client, settings, reference):
    fill(reference)
    settings.METRICS_TOKEN = "t"
    body = client.get("/metrics", headers={"authorization": "Bearer t"}).content.decode()
    names = {line.split()[2] for line in body.splitlines() if line.startswith("# TYPE")}
    explained = (DOCS / "operate.md").read_text()
    assert names and [name for name in names if f"`{name}" not in explained] == []
    assert set(CHECKS) == {"broker", "outbox", "scheduler"}
