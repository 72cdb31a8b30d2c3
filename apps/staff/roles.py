"""What each role of staff may do. A role is a group; what it allows stands here."""

from fnmatch import fnmatchcase

from django.contrib.auth.backends import BaseBackend

ADMINISTRATOR, SUPPORT, FINANCE = "Administrator", "Support", "Finance"

# Permissions as Django names them. Whoever lacks `answers.view_answer` sees that there are
# answers, and nothing of what they say: no text, no score, no report.
ROLES = {
    ADMINISTRATOR: ["*"],
    SUPPORT: [
        "firms.*",
        "recruiters.*",
        "candidates.*",
        "references.*",
        "verifications.*",
        "answers.view_answerset",
        "messaging.*",
        "questions.*",
        "activities.view_*",
        "consents.view_*",
        "metadata.view_*",
        "reminders.view_*",
    ],
    FINANCE: ["billing.*", "firms.view_hiringfirm", "recruiters.view_recruiter"],
}


class RoleBackend(BaseBackend):
    """Permissions by the names of a member of staff's groups: no rows to keep in step with code."""

    def has_perm(self, user, perm, obj=None):
        return any(fnmatchcase(perm, pattern) for pattern in self._patterns(user))

    def has_module_perms(self, user, app_label):
        return any(
            fnmatchcase(app_label, pattern.partition(".")[0]) for pattern in self._patterns(user)
        )

    def _patterns(self, user) -> list[str]:
        if not user.is_active or not user.is_staff:
            return []
        if not hasattr(user, "_role_patterns"):
            names = user.groups.values_list("name", flat=True)
            user._role_patterns = [each for name in names for each in ROLES.get(name, ())]
        return user._role_patterns


def may_read_answers(user) -> bool:
    return user.has_perm("answers.view_answer")
