"""How messages and pages write a day."""

from django import template
from django.template.defaultfilters import date
from django.utils.translation import gettext, pgettext

register = template.Library()


@register.filter(expects_localtime=True)
def day(value) -> str:
    """Friday 27 November, vendredi 1er mai: the number never parted from its month."""
    if not value:
        return ""
    if value.day == 1:
        return date(value, pgettext("first of the month", "l j\N{NO-BREAK SPACE}F"))
    return date(value, gettext("l j\N{NO-BREAK SPACE}F"))


@register.filter(expects_localtime=True)
def day_and_year(value) -> str:
    """27 November 2028, 1er mai 2028."""
    if not value:
        return ""
    if value.day == 1:
        return date(value, pgettext("first of the month", "j\N{NO-BREAK SPACE}F\N{NO-BREAK SPACE}Y"))
    return date(value, gettext("j\N{NO-BREAK SPACE}F\N{NO-BREAK SPACE}Y"))
