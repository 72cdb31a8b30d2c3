"""Quiet hours and the hours of reminders, when clocks change and in leap years."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.messaging import clock

TORONTO = ZoneInfo("America/Toronto")
ZONES = ["America/Toronto", "America/Vancouver", "America/St_Johns", "Pacific/Guam", "Europe/Paris"]
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def local(*parts) -> datetime:
    return datetime(*parts, tzinfo=TORONTO)


@given(MOMENTS, st.sampled_from(ZONES))
def test_after_quiet_hours_it_is_not_quiet_and_not_long_after(at, zone):
    zone = ZoneInfo(zone)
    free = clock.after_quiet_hours(at, zone)
    assert not clock.is_quiet(free, zone)
    assert timedelta() <= free - at <= timedelta(hours=12)
    assert free == at or free.astimezone(zone).hour == 8


@given(MOMENTS, st.sampled_from(ZONES), st.booleans())
def test_reminders_go_in_working_hours(at, zone, skip):
    zone = ZoneInfo(zone)
    free = clock.next_reminder_time(at, zone, skip_weekends=skip)
    moment = free.astimezone(zone)
    assert 8 <= moment.hour < 18
    assert not (skip and moment.weekday() >= 5)
    assert timedelta() <= free - at <= timedelta(days=3, hours=1)
    assert clock.next_reminder_time(free, zone, skip_weekends=skip) == free


@pytest.mark.parametrize(
    ("at", "free"),
    [
        # The night that has 23 hours, and the one that has 25.
        (local(2026, 3, 7, 22), datetime(2026, 3, 8, 12, tzinfo=UTC)),
        (local(2026, 10, 31, 22), datetime(2026, 11, 1, 13, tzinfo=UTC)),
        (local(2028, 2, 28, 22), local(2028, 2, 29, 8)),
        (local(2028, 2, 29, 22), local(2028, 3, 1, 8)),
        (local(2027, 2, 28, 22), local(2027, 3, 1, 8)),
        (local(2026, 12, 31, 23, 59), local(2027, 1, 1, 8)),
        (local(2026, 6, 1, 20, 59, 59), local(2026, 6, 1, 20, 59, 59)),
        (local(2026, 6, 1, 21), local(2026, 6, 2, 8)),
        (local(2026, 6, 1, 7, 59, 59), local(2026, 6, 1, 8)),
    ],
)
def test_quiet_hours_end_at_eight_on_the_wall(at, free):
    assert clock.after_quiet_hours(at, TORONTO) == free


def test_the_weekend_moves_to_monday():
    friday = local(2026, 11, 20, 18)
    assert clock.next_reminder_time(friday, TORONTO, skip_weekends=True) == local(2026, 11, 23, 8)
    assert clock.next_reminder_time(friday, TORONTO, skip_weekends=False) == local(2026, 11, 21, 8)


@pytest.mark.parametrize(
    ("number", "zone"),
    [
        ("+16045550134", "America/Vancouver"),
        ("+15145550134", "America/Toronto"),
        ("+33612345678", "Europe/Paris"),
        ("+18005550134", "America/Toronto"),  # of no place: the firm's
        ("", "America/Toronto"),
    ],
)
def test_a_phone_tells_its_zone(number, zone):
    assert clock.zone_of(number, "America/Toronto").key == zone


@pytest.mark.parametrize("firm", ["America/Toronto", "America/Halifax"])
@pytest.mark.parametrize(
    ("at", "free"),
    [
        (datetime(2026, 6, 2, 0, tzinfo=UTC), datetime(2026, 6, 2, 11, tzinfo=UTC)),  # 21:30 there
        (datetime(2026, 6, 2, 10, 45, tzinfo=UTC), datetime(2026, 6, 2, 11, tzinfo=UTC)),
        (datetime(2026, 6, 2, 23, tzinfo=UTC), datetime(2026, 6, 2, 23, tzinfo=UTC)),
    ],
)
def test_in_an_area_of_two_zones_it_is_night_in_neither(firm, at, free):
    """Newfoundland is half an hour before Labrador, and both have 709."""
    zones = clock.zones_of("+17095550134", firm)
    assert clock.after_quiet_hours(at, *zones) == free


@given(MOMENTS)
def test_even_a_number_of_a_continent_is_written_to_some_day(at):
    zones = clock.zones_of("+18005550134", "Europe/Paris")
    assert len(zones) > 20
    assert timedelta() <= clock.after_quiet_hours(at, *zones) - at <= timedelta(days=3)
