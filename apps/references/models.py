from apps.references.references import Reference, ReferenceQuerySet
from apps.references.requests import ReferenceRequest, ReferenceRequestQuerySet

__all__ = ["Reference", "ReferenceQuerySet", "ReferenceRequest", "ReferenceRequestQuerySet"]
