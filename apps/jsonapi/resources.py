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


def type_name(instance: models.Model | type[models.Model]) -> str:
    """The resource's type on the wire and in every `<name>_type` column."""
    return instance._meta.object_name


def model_named(name: str) -> type[models.Model] | None:
    """The resource model whose type is `name`."""
    for model in apps.get_models():
        if issubclass(model, Resource) and type_name(model) == name:
            return model
    return None
