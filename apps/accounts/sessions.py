"""Signing in and staying signed in."""

from django.contrib.auth.models import update_last_login
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.accounts.models import PasswordReset, User
from apps.accounts.tokens import REFRESH, SINCE_CLAIM, read
from apps.jsonapi.throttling import Rate
from apps.links.authentication import WRONG_LINKS
from apps.links.tokens import Purpose, resolve

# Counted before the password's hash is computed, which is the costly part.
FAILURES = Rate("login", 5, 15 * 60)  # per account and address
ADDRESS_FAILURES = Rate("login-address", 20, 60 * 60)
SUCCESSES = Rate("login-success", 100, 60 * 60)  # per account
REFRESHES = Rate("refresh", 100, 60 * 60)  # per account
ADDRESS_RESETS = Rate("reset-address", 20, 60 * 60)
RESETS = Rate("reset", 3, 60 * 60)  # per email, silently


def log_in(email: str, password: str, address: str) -> User:
    """The user of this email and password, while they may use the API.

    ValidationError codes: login_failed, staff, account_inactive; Throttled after too many.
    """
    email = email.strip().lower()
    ADDRESS_FAILURES.take(address)
    FAILURES.take(email, address)
    user = User.objects.filter(email=email).select_related("recruiter__hiring_firm").first()
    # Without a user as much time goes by: one hash is computed either way.
    known = user.check_password(password) if user else User().set_password(password)
    if not known:
        raise ValidationError(_("The email or the password is wrong."), code="login_failed")
    ADDRESS_FAILURES.give_back(address)
    FAILURES.give_back(email, address)
    SUCCESSES.take(email)
    if user.is_staff:
        raise ValidationError(_("Staff work in the admin, at /admin."), code="staff")
    if not user.may_use_api:
        raise ValidationError(_("This account is not active."), code="account_inactive")
    update_last_login(None, user)
    return user


def refreshed(token: str) -> tuple[User, int]:
    """The user of a refresh token, looked at afresh, and when their session began."""
    claims = read(token, REFRESH)
    user = User.objects.signed_in_by(claims) if claims else None
    if user is None:
        raise ValidationError(_("Sign in again: this token is not good."), code="token_invalid")
    REFRESHES.take(str(user.pk))
    return user, claims.get(SINCE_CLAIM, claims["iat"])


def ask_for_reset(email: str, address: str) -> PasswordReset | None:
    """Send the email when somebody has it; nobody learns whether. Throttled after too many."""
    email = email.strip().lower()
    ADDRESS_RESETS.take(address)
    if not RESETS.allows(email):
        return None
    user = User.objects.filter(email=email).select_related("recruiter__hiring_firm").first()
    if user is None or not user.may_use_api:
        return None
    return PasswordReset.objects.request(user)


def reset_password(email: str, reset_key: str, password: str, address: str) -> User:
    """A new password, for who has the secret and knows the email it went to."""
    WRONG_LINKS.take(address)
    purpose, reset = resolve(reset_key) or (None, None)
    good = purpose == Purpose.PASSWORD and reset.link_is_live
    if not good or reset.user.email != email.strip().lower():
        raise ValidationError(
            {
                "reset_key": ValidationError(
                    _("This key has been used or has ended."), code="reset_key_invalid"
                )
            }
        )
    WRONG_LINKS.give_back(address)
    reset.use(password)
    return reset.user
