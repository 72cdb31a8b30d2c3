"""An index is paid for at every write: none repeats the beginning of another."""

from django.apps import apps


def test_no_foreign_key_has_an_index_that_another_begins_with():
    twice = set()
    for model in apps.get_models():
        composites = [each.fields for each in model._meta.indexes if not each.condition]
        composites += [
            each.fields
            for each in model._meta.constraints
            if getattr(each, "fields", ()) and not each.condition
        ]
        first = {fields[0] for fields in composites if len(fields) > 1}
        twice |= {
            f"{model._meta.label}.{field.name}"
            for field in model._meta.local_fields
            if field.is_relation and field.db_index and not field.unique and field.name in first
        }
    assert {name for name in twice if name.split(".")[0] not in ("auth", "admin")} == set()
