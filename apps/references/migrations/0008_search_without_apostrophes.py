from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Replace


def leave_out(apps, schema_editor):
    """As `fold()` writes it from now on: O’Brien, O'Brien and OBrien are found alike."""
    for mark in ("'", "’"):
        rows = apps.get_model("references", "Reference").objects.filter(search__contains=mark)
        rows.update(search=Replace(F("search"), Value(mark), Value("")))


class Migration(migrations.Migration):
    dependencies = [("references", "0007_what_needs_a_hand")]
    operations = [migrations.RunPython(leave_out, migrations.RunPython.noop)]
