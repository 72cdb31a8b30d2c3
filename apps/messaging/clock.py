"""When we may write to somebody: their time zone, quiet hours, the hours of reminders."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # no reminder and no unasked text
REMIND_FROM, REMIND_UNTIL = time(8), time(18)  # automatic reminders
FEW = 3  # zones of one area; a number that names more is of a whole country or continent


@lru_cache(maxsize=4096)
def zones_of(e164: str, default: str) -> tuple[ZoneInfo, ...]:
    """The zones of the phone's area; the firm's where the number names none, or many with it.

    The firm's own comes first where it is among them.
    """
    names = time_zones_for_number(phonenumbers.parse(e164)) if e164 else ()
    if not names or names[0] == "Etc/Unknown" or (default in names and len(names) > FEW):
        names = (default,)
    return tuple(ZoneInfo(name) for name in sorted(names, key=lambda name: name != default))


def zone_of(e164: str, default: str) -> ZoneInfo:
    return zones_of(e164, default)[0]


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    return not QUIET_UNTIL <= at.astimezone(zone).time() < QUIET_FROM


def after_quiet_hours(at: datetime, *zones: ZoneInfo) -> datetime:
    """The same moment, or the first after it that is quiet in none of these zones."""
    for _zone in zones:  # the morning of one may still be night in another
        at = max(_after_the_night(at, zone) for zone in zones)
    return at


def _after_the_night(at: datetime, zone: ZoneInfo) -> datetime:
    if not is_quiet(at, zone):
        return at
    local = at.astimezone(zone)
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + timedelta(days=1)
    return datetime.combine(day, QUIET_UNTIL, zone)


def until_reminders_end(at: datetime, zone: ZoneInfo) -> timedelta:
    """How long automatic reminders still go that day."""
    return datetime.combine(at.astimezone(zone), REMIND_UNTIL, zone) - at


def next_reminder_time(at: datetime, zone: ZoneInfo, *, skip_weekends: bool) -> datetime:
    """The first moment from `at` inside the hours of automatic reminders."""
    local = at.astimezone(zone)
    day, moment = local.date(), local.time()
    if moment >= REMIND_UNTIL:
        day, moment = day + timedelta(days=1), REMIND_FROM
    moment = max(moment, REMIND_FROM)
    if skip_weekends and day.weekday() >= 5:
        day, moment = day + timedelta(days=7 - day.weekday()), REMIND_FROM
    return datetime.combine(day, moment, zone)
