"""Dates to narrow a list by, without asking which there are: that would read every row."""

import calendar
from datetime import date

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

register = template.Library()
YEARS = 3


@register.inclusion_tag("admin/dates.html")
def dates(cl) -> dict:
    """This year's and last year's months, a month's days, and the years before."""
    field = cl.date_hierarchy
    if not field:
        return {"links": []}
    chosen = {part: _number(cl.params.get(f"{field}__{part}")) for part in ("year", "month", "day")}
    today = timezone.localdate()
    year, month, day = chosen["year"], chosen["month"], chosen["day"]

    def link(words, **parts):
        every = [f"{field}__{part}" for part in ("year", "month", "day")]
        new = {f"{field}__{part}": value for part, value in parts.items()}
        return {"words": words, "url": cl.get_query_string(new, every)}

    links = [link(_("All dates"))] if year else []
    if year and month:
        first = date(year, month, 1)
        links.append(link(date_format(first, "YEAR_MONTH_FORMAT"), year=year, month=month))
        for number in range(1, calendar.monthrange(year, month)[1] + 1):
            if date(year, month, number) <= today:
                links.append(link(str(number), year=year, month=month, day=number))
                links[-1]["chosen"] = number == day
    elif year:
        links.append(link(str(year), year=year))
        links += [
            link(date_format(date(year, number, 1), "F"), year=year, month=number)
            for number in range(1, 13)
            if date(year, number, 1) <= today
        ]
    else:
        links += [
            link(date_format(first, "YEAR_MONTH_FORMAT"), year=first.year, month=first.month)
            for first in _months_back(today, 3)
        ]
        links += [link(str(today.year - back), year=today.year - back) for back in range(YEARS)]
    return {"links": links}


def _months_back(day: date, count: int) -> list[date]:
    months = [day.year * 12 + day.month - 1 - back for back in range(count)]
    return [date(each // 12, each % 12 + 1, 1) for each in months]


def _number(value) -> int | None:
    """A changelist's parameters are lists of texts; one that is no date has been refused before."""
    value = value[0] if isinstance(value, list) else value
    return int(value) if value and str(value).isdigit() else None
