"""The reminder rule and the outbox beneath it, under any sequence of what can happen."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from apps.firms.models import HiringFirm
from apps.messaging.models import Message, OptOut
from apps.questions.models import QuestionSet
from apps.references.tasks import expire_due
from apps.reminders.models import Reminder
from apps.reminders.tasks import remind_due
from tests.conftest import fill, make_candidate, make_reference, make_request, recruiter_of
from tests.messaging.conftest import noon, providers, send_due  # noqa: F401

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
PHONES = {
    "5145550134": ["America/Toronto"],
    "6045550134": ["America/Vancouver"],
    "7095550134": ["America/Halifax", "America/St_Johns"],
    "": ["America/Toronto"],  # the firm's
}


class Before(NamedTuple):
    """What was true when something was about to happen."""

    waited_for: bool
    written_at: datetime
    stopped: set
    reminders: set
    sent: set


class OneReference(RuleBasedStateMachine):
    """A reference from its invitation on; whatever is done, look() says what must not follow."""

    @initialize(
        begin=MOMENTS,
        interval=st.integers(1, 4),
        most=st.integers(0, 3),
        skip_weekends=st.booleans(),
        phone=st.sampled_from([*PHONES]),
    )
    def invite(self, begin, interval, most, skip_weekends, phone):
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        self.stack.callback(transaction.set_rollback, True)
        self.now = self.stack.enter_context(time_machine.travel(begin))
        self.firm = HiringFirm.objects.create(
            name="Firm",
            language="en",
            reminder_interval_days=interval,
            max_automatic_reminders=most,
            reminders_skip_weekends=skip_weekends,
        )
        self.bob = recruiter_of(self.firm, "Bob", is_root=True)
        library = QuestionSet.objects.get(key="general", language="en")
        request = make_request(make_candidate(self.bob), library, min_references=9)
        self.reference = make_reference(request, phone=phone)
        self.zones = [ZoneInfo(zone) for zone in PHONES[phone]]

    def teardown(self):
        self.stack.close()

    # --- what can happen ------------------------------------------------------------------------

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours):
        self.now.shift(hours * HOUR)

    @rule(hours=st.integers(1, 30))
    def the_clock_is_set_back(self, hours):
        self.now.shift(-hours * HOUR)

    @rule(hours=st.integers(0, 80))
    def the_schedule_reminds(self, hours):
        self.now.shift(hours * HOUR)
        self.happens(remind_due)

    @rule(hours=st.integers(0, 40), times=st.integers(1, 6))
    def a_recruiter_reminds(self, hours, times):
        for _ in range(times):
            self.now.shift(hours * HOUR)
            self.happens(self.reference.remind, by=self.bob)

    @rule(hours=st.integers(0, 20))
    def workers_send(self, hours):
        self.now.shift(hours * HOUR)
        self.happens(send_due)

    @rule()
    def the_invitation_goes_again(self):
        self.happens(self.reference.resend, self.bob)

    @rule(number=st.integers(0, 3))
    def the_address_changes(self, number):
        self.happens(self.reference.change, self.bob, email=f"p{number}@reference.example")

    @rule(days=st.integers(1, 40))
    def it_gets_longer(self, days):
        self.happens(self.reference.reference_request.extend, self.bob, days=days)

    @rule()
    def the_page_is_opened(self):
        self.happens(self.reference.open)

    @rule(how=st.sampled_from(["answers", "declines", "asks for a call"]))
    def it_says_so(self, how):
        match how:
            case "answers":
                self.happens(fill, self.reference)
            case "declines":
                self.happens(self.reference.decline)
            case "asks for a call":
                self.happens(self.reference.request_call)

    @rule()
    def it_may_change_its_answers(self):
        self.happens(fill, self.reference)
        self.happens(self.reference.reopen, self.bob)

    @rule()
    def its_time_ends(self):
        self.happens(expire_due)

    @rule()
    def it_stops_texts(self):
        if self.reference.phone:
            OptOut.objects.record(self.reference.e164, "sms", source="text")

    @rule()
    def it_starts_texts(self):
        OptOut.objects.of(self.reference.e164, "sms").delete()

    @rule()
    def it_unsubscribes(self):
        self.happens(self.reference.unsubscribe)

    # --- what must not follow -------------------------------------------------------------------

    def happens(self, act, *args, **kwargs):
        """Do it if it may be done, a minute later look at what came of it."""
        before = self.before()
        try:
            act(*args, **kwargs)
        except ValidationError:
            pass
        self.reference = type(self.reference).objects.get(pk=self.reference.pk)
        self.look(before)
        self.now.shift(timedelta(minutes=1))
        self.reference = type(self.reference).objects.get(pk=self.reference.pk)

    def before(self) -> Before:
        here = self.reference
        return Before(
            waited_for=here.status in ("sent", "opened", "started")
            and here.reopened_at is None
            and timezone.now() < here.expires_at,
            written_at=here.last_written_at,
            stopped=OptOut.objects.among(here.addresses),
            reminders=set(Reminder.objects.filter(target_id=here.pk)),
            sent=set(self.messages.exclude(sent_at=None)),
        )

    @property
    def messages(self):
        """Those to the reference."""
        return Message.objects.about(self.reference).filter(recipient_id=self.reference.pk)

    def look(self, before: Before):
        reminders = set(Reminder.objects.filter(target_id=self.reference.pk))
        for reminder in reminders - before.reminders:
            self.look_at_reminder(reminder, before)
        automatic = [each for each in reminders if each.automatic]
        assert len(reminders) == self.reference.reminder_count <= 5
        assert len(automatic) == self.reference.automatic_reminder_count
        assert len(automatic) <= self.firm.max_automatic_reminders
        for message in set(self.messages.exclude(sent_at=None)) - before.sent:
            self.look_at_sent(message, before)
        if self.reference.status not in self.reference.WAITING or self.reference.is_reopened:
            assert self.reference.next_scheduled_at is None

    def look_at_reminder(self, reminder, before: Before):
        assert before.waited_for
        assert before.stopped < self.reference.addresses
        waited = timezone.now() - before.written_at
        least = timedelta(days=self.firm.reminder_interval_days) if reminder.automatic else DAY
        assert waited >= least
        if reminder.automatic:
            local = timezone.now().astimezone(self.zones[0])
            assert 8 <= local.hour < 18
            assert not (self.firm.reminders_skip_weekends and local.weekday() >= 5)
            assert set(self.messages.filter(kind="reference_reminder", ordinal=reminder.ordinal))

    def look_at_sent(self, message, before: Before):
        assert (message.address, message.channel) in self.reference.addresses
        reminder = message.kind == "reference_reminder"
        if reminder or message.kind == "reference_invitation":
            assert before.waited_for
        if reminder:
            assert message.ordinal == self.reference.reminder_count
        if reminder or message.channel == "sms":
            assert (message.address, message.channel) not in before.stopped
            assert all(8 <= message.sent_at.astimezone(zone).hour < 21 for zone in self.zones)
        if message.kind == "reference_invitation":
            alike = [
                each.sent_at
                for each in before.sent
                if (each.kind, each.address) == (message.kind, message.address)
            ]
            assert not [at for at in alike if abs(message.sent_at - at) < DAY]


def test_it_holds_under_any_sequence(providers):  # noqa: F811
    run_state_machine_as_test(
        OneReference,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[*HealthCheck],
        ),
    )
