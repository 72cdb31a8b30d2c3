from apps.references.references import Reference
from apps.references.requests import ReferenceRequest

__all__ = ["Reference", "ReferenceRequest"]
