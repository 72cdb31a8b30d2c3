from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("references", "0003_how_references_end")]

    operations = [
        migrations.AddField(
            model_name="reference",
            name="reopened_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
