"""How documents write figures, days and money, and what they draw: bars, dots, the mark, a QR."""

import unicodedata
from datetime import date as day_type
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

import segno
from django import template
from django.template.defaultfilters import date, floatformat
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext, ngettext

from apps.messaging.templatetags.words import day_and_year

register = template.Library()

INK, ACCENT, PALE, EDGE = "#17242b", "#0b5a6e", "#d3e4e8", "#76868f"
NBSP, DASH, MINUS = "\u00a0", "\u2013", "\u2212"


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")


# --- figures ------------------------------------------------------------------------------------


@register.filter
def score(value, display: str = "five") -> str:
    """4.4, 4,4, or 88 %, as the firm shows scores."""
    if value is None or display == "hidden":
        return ""
    if display == "percent":
        per_cent = int((Decimal(value) * 20).quantize(Decimal(1), ROUND_HALF_UP))
        return f"{per_cent}{NBSP}%" if _is_french() else f"{per_cent}%"
    return floatformat(value, 1)


@register.filter
def of_five(value, display: str = "five") -> str:
    """4.4 of 5; a percentage stands alone."""
    shown = score(value, display)
    return shown if display != "five" or not shown else gettext("%(score)s of 5") % {"score": shown}


@register.simple_tag
def span(low, high, display: str = "five", decimals: int = -1) -> str:
    """From the lowest to the highest: 4–5, 40–100%, or one figure when they are the same."""
    if low is None or display == "hidden":
        return ""
    if display == "percent":
        ends = [score(low, display), score(high, display)]
    else:
        ends = [floatformat(low, decimals), floatformat(high, decimals)]
    if ends[0] == ends[1]:
        return ends[0]
    return DASH.join([ends[0].rstrip(f"%{NBSP}"), ends[1]])


@register.simple_tag
def difference(one, other, display: str = "five") -> str:
    """Of the two figures as they are printed: +0.3, −0.2, 0.0."""
    if one is None or other is None:
        return ""
    if display == "percent":
        gap = round(Decimal(one) * 20) - round(Decimal(other) * 20)
        shown = str(abs(gap))
    else:
        tenth = Decimal("0.1")
        gap = Decimal(one).quantize(tenth, ROUND_HALF_UP) - Decimal(other).quantize(
            tenth, ROUND_HALF_UP
        )
        shown = floatformat(abs(gap), 1)
    return f"+{shown}" if gap > 0 else f"{MINUS}{shown}" if gap < 0 else shown


@register.filter
def money(cents: int) -> str:
    """$1,234.56 or 1 234,56 $."""
    whole, rest = divmod(abs(cents), 100)
    sign = MINUS if cents < 0 else ""
    if _is_french():
        return f"{sign}{whole:,}".replace(",", NBSP) + f",{rest:02d}{NBSP}$"
    return f"{sign}${whole:,}.{rest:02d}"


@register.filter
def duration(hours: int | None) -> str:
    """3 hours, 2 days: as people would say it."""
    if hours is None:
        return ""
    if hours < 1:
        return gettext("less than an hour")
    if hours < 48:
        return _count(ngettext("%(count)s hour", "%(count)s hours", hours), hours)
    days = round(hours / 24)
    return _count(ngettext("%(count)s day", "%(count)s days", days), days)


def _count(words: str, count: int) -> str:
    """A figure and its unit stay on one line."""
    return (words % {"count": count}).replace(" ", NBSP)


# --- days; their spaces never break -------------------------------------------------------------


@register.filter
def long_day(value) -> str:
    """20 November 2026, 1er mai 2026; what is no day stays as it is."""
    if not isinstance(value, day_type):
        return value or ""
    return day_and_year(value)


@register.filter
def moment(value) -> str:
    """20 November 2026, 10:12; 20 novembre 2026, 10 h 12."""
    if not isinstance(value, datetime):
        return ""
    clock = f"{value.hour}{NBSP}h{NBSP}{value:%M}" if _is_french() else f"{value:%H:%M}"
    return f"{long_day(value)}, {clock}"


@register.filter
def years(pair) -> str:
    """2019 to 2023; since 2023; until 2023."""
    start, end = pair or (None, None)
    if start and end:
        return (
            str(start.year)
            if start.year == end.year
            else gettext("%(start)s to %(end)s") % {"start": start.year, "end": end.year}
        )
    if start:
        return gettext("since %(year)s") % {"year": start.year}
    return gettext("until %(year)s") % {"year": end.year} if end else ""


@register.filter
def months(pair) -> str:
    """May 2019 to March 2021; since May 2019."""
    start, end = ("" if day is None else date(day, "F Y").replace(" ", NBSP) for day in pair)
    if start and end and start != end:
        return gettext("%(start)s to %(end)s") % {"start": start, "end": end}
    if start:
        return start if end else gettext("since %(year)s") % {"year": start}
    return gettext("until %(year)s") % {"year": end} if end else ""


@register.filter
def iso_day(text: str) -> str:
    """A day that was written as 2021-05-31; any other text as it is."""
    try:
        return long_day(parse_date(text)) or text
    except ValueError:
        return text


@register.simple_tag
def colon() -> str:
    return f"{NBSP}: " if _is_french() else ": "


@register.filter
def excerpt(text: str, letters: int = 420) -> str:
    """The beginning of what is long, in whole words."""
    return text if len(text) <= letters else text[:letters].rsplit(maxsplit=1)[0] + "…"


@register.filter
def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


@register.filter
def direction(text: str) -> str:
    """As its first letter is read: what is written in Hebrew or Arabic begins on the right."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return "rtl" if next((way for way in ways if way in ("L", "R", "AL")), "L") != "L" else "ltr"


# --- drawings: each with its title, for those who do not see it -----------------------------------


@register.simple_tag
def bar(label: str, value, managers=None, *, width: int = 74, display: str = "five") -> str:
    """From zero to five, ticks at each point; the managers' outlined underneath."""
    if value is None:
        return ""
    both = managers is not None
    full, height = width * 2, 13 if both else 6
    shown = of_five(value, display)
    title = f"{label}{colon()}{shown}"
    if both:
        title = gettext("%(what)s; managers: %(managers)s") % {
            "what": title,
            "managers": of_five(managers, display),
        }
    ticks = "".join(f"M{full * at / 5:.1f} 0v6" for at in range(1, 5))
    below = format_html(
        '<path d="M.4 8.4h{}v4.2H.4z" fill="#fff" stroke="{}" stroke-width=".8"/>',
        f"{full * float(managers) / 5 - 0.8:.1f}",
        ACCENT,
    ) if both else ""  # fmt: skip
    return format_html(
        '<svg width="{}mm" height="{}mm" viewBox="0 0 {} {}"><title>{}</title>'
        '<path d="M0 0h{}v6H0z" fill="{}"/><path d="M0 0h{}v6H0z" fill="{}"/>'
        '<path d="{}" stroke="#fff" stroke-width="1"/>{}</svg>',
        width,
        height / 2,
        full,
        height,
        title,
        full,
        PALE,
        f"{full * float(value) / 5:.1f}",
        ACCENT,
        ticks,
        below,
    )


@register.simple_tag
def dots(answer: dict) -> str:
    """A whole answer: filled discs up to it, rings beyond."""
    low, high, chosen = answer["min"], answer["max"], answer["scale"]
    points = range(low, high + 1) if low else range(1, high + 1)
    size = 12 * len(points) - 2
    discs = "".join(
        f'<circle cx="{12 * at + 5}" cy="5" r="4" fill="{ACCENT}"/>'
        if point <= chosen
        else f'<circle cx="{12 * at + 5}" cy="5" r="4" fill="none" stroke="{EDGE}" '
        'stroke-width=".8"/>'
        for at, point in enumerate(points)
    )
    title = gettext("%(score)s of 5") if high == 5 else gettext("%(score)s of %(high)s")
    return format_html(
        '<svg viewBox="0 0 {} 10" width="{}mm" height="2.6mm"><title>{}</title>{}</svg>',
        size,
        f"{size * 0.26:.1f}",
        title % {"score": chosen, "high": high},
        mark_safe(discs),
    )


@register.simple_tag
def mark() -> str:
    """The V that is also a tick."""
    return mark_safe(
        '<svg width="4mm" height="4mm" viewBox="0 0 24 24"><title>Vitay</title>'
        '<path d="M3 9l6 11L21 3" fill="none" stroke="#4f5f68" stroke-width="3"/></svg>'
    )


@register.simple_tag
def qr(address: str) -> str:
    code = segno.make(address, error="m", micro=False)
    size = code.symbol_size(border=0)[0]
    squares = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.matrix)
        for x, dark in enumerate(row)
        if dark
    )
    return format_html(
        '<svg width="22mm" height="22mm" viewBox="0 0 {0} {0}"><title>{1}</title>'
        '<path d="{2}" fill="{3}"/></svg>',
        size,
        gettext("Code that opens %(address)s") % {"address": address},
        squares,
        INK,
    )
