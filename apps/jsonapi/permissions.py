"""Who may try an operation at all; which rows they then see is `visible_to`'s."""

from rest_framework.permissions import SAFE_METHODS, BasePermission


class RecruiterOnly(BasePermission):
    def has_permission(self, request, view) -> bool:
        return getattr(request.user, "recruiter", None) is not None


class RootOnly(RecruiterOnly):
    """What belongs to the firm is the root recruiters'."""

    def has_permission(self, request, view) -> bool:
        return super().has_permission(request, view) and request.user.recruiter.is_root


class RootWrites(RecruiterOnly):
    """Everybody in the firm reads it, root recruiters change it; what is unseen stays 404."""

    def has_permission(self, request, view) -> bool:
        named = "pk" in view.kwargs or request.method in SAFE_METHODS
        return super().has_permission(request, view) and (named or request.user.recruiter.is_root)

    def has_object_permission(self, request, view, obj) -> bool:
        return request.method in SAFE_METHODS or request.user.recruiter.is_root
