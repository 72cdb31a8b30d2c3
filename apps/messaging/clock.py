"""When we may write to somebody: their time zone, quiet hours, the hours of reminders."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # no reminder and no unasked text
REMIND_FROM, REMIND_UNTIL = time(8), time(18)  # automatic reminders


@lru_cache(maxsize=4096)
def zone_of(e164: str, default: str) -> ZoneInfo:
    """The zone of the phone's area; the firm's where the number names none or several with it."""
    if e164:
        zones = time_zones_for_number(phonenumbers.parse(e164))
        if zones and default not in zones and zones[0] != "Etc/Unknown":
            return ZoneInfo(zones[0])
    return ZoneInfo(default)


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    return not QUIET_UNTIL <= at.astimezone(zone).time() < QUIET_FROM


def after_quiet_hours(at: datetime, zone: ZoneInfo) -> datetime:
    """The same moment, or the end of the quiet hours it falls in."""
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
