"""How messages and pages write a day."""

from django import template
from django.template.defaultfilters import date
from django.utils.translation import gettext, pgettext

register = template.Library()

# The spaces between a number, its month and the year are no-break spaces.


@register.filter(expects_localtime=True)
def day(value) -> str:
    """Friday 27 November, vendredi 1er mai: the number never parted from its month."""
    if not value:
        return ""
    first = value.day == 1
    return date(value, pgettext("first of the month", "l j F") if first else gettext("l j F"))


@register.filter(expects_localtime=True)
def day_and_year(value) -> str:
    """27 November 2028, 1er mai 2028."""
    if not value:
        return ""
    first = value.day == 1
    return date(value, pgettext("first of the month", "j F Y") if first else gettext("j F Y"))
