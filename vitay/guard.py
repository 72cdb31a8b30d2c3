"""Outside DEBUG, nothing is served with a short secret, or to a demo account with its password."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from apps.accounts.models import User
from vitay.checks import short_secrets
from vitay.demo import EMAILS, PASSWORD


def refuse_short_secrets() -> None:
    for error in short_secrets():
        raise ImproperlyConfigured(f"{error.msg}. {error.hint}")


def refuse_demo_accounts() -> None:
    if settings.DEBUG:
        return
    try:
        accounts = list(User.objects.filter(email__in=EMAILS))
    except DatabaseError:
        return  # not there yet, or not migrated: /readyz says so
    for user in accounts:
        if user.check_password(PASSWORD):
            raise ImproperlyConfigured(
                f"{user.email} still has the demo's password: change it or delete the account."
            )
