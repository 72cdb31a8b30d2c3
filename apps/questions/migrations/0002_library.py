"""Fill the library: each starter set twice, once per language, linked as translations."""

import json
from pathlib import Path

from django.db import migrations

LIBRARY = Path(__file__).resolve().parent.parent / "library" / "library.json"


def fill(apps, schema_editor):
    QuestionSet = apps.get_model("questions", "QuestionSet")
    Question = apps.get_model("questions", "Question")
    for entry in json.loads(LIBRARY.read_text(encoding="utf-8")):
        made = []
        for language, content in entry["translations"].items():
            kept = QuestionSet.objects.create(
                key=entry["key"], language=language, title=content["title"]
            )
            Question.objects.bulk_create(
                Question(question_set=kept, order=order, **question)
                for order, question in enumerate(content["questions"], 1)
            )
            made.append(kept)
        first, second = made
        first.translation, second.translation = second, first
        QuestionSet.objects.bulk_update(made, ["translation"])


def empty(apps, schema_editor):
    apps.get_model("questions", "QuestionSet").objects.filter(hiring_firm=None).delete()


class Migration(migrations.Migration):
    dependencies = [("questions", "0001_initial")]
    operations = [migrations.RunPython(fill, empty)]
