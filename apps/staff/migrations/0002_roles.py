from django.db import migrations

ROLES = ["Administrator", "Support", "Finance"]


def add_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    for name in ROLES:
        Group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_heartbeat"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
