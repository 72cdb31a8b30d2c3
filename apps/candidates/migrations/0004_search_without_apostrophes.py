from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Replace


def leave_out(apps, schema_editor):
    """As `fold()` writes it from now on: O’Brien, O'Brien and OBrien are found alike."""
    for mark in ("'", "’"):
        rows = apps.get_model("candidates", "Candidate").objects.filter(search__contains=mark)
        rows.update(search=Replace(F("search"), Value(mark), Value("")))


class Migration(migrations.Migration):
    dependencies = [("candidates", "0003_one_index_each")]
    operations = [migrations.RunPython(leave_out, migrations.RunPython.noop)]
