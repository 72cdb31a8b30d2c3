"""What every stored resource has."""

from django.apps import apps
from django.db import models

from apps.jsonapi.ids import uuid7


class Resource(models.Model):
    """A row with a UUIDv7 and the times of its making and last change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def lock(self) -> None:
        """Hold this row until the commit, and look at it afresh. Rows that point to it go on."""
        type(self)._base_manager.select_for_update(no_key=True).get(pk=self.pk)
        self.refresh_from_db()


def assign(row: models.Model, fields: dict, *, exclude=(), **checks) -> list[str]:
    """Set these and check the row; the names of those that are another now, however spelled."""
    before = {name: getattr(row, name, None) for name in fields}  # a new row points to nothing
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean(exclude=exclude, **checks)
    return sorted(name for name, value in before.items() if getattr(row, name) != value)


def type_name(instance: models.Model | type[models.Model]) -> str:
    """The resource's type on the wire and in every `<name>_type` column."""
    return instance._meta.object_name


def resource_models() -> list[type[Resource]]:
    return [model for model in apps.get_models() if issubclass(model, Resource)]


def model_named(name: str) -> type[Resource] | None:
    """The resource model whose type is `name`."""
    return next((model for model in resource_models() if type_name(model) == name), None)
