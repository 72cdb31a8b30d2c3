from datetime import timedelta

from django.utils import timezone

from apps.messaging.models import Message, Rate
from tests.conftest import make_reference
from tests.messaging.conftest import send_due


def test_moments_lie_apart(noon):
    moments = [Rate.objects.reserve("email", 4) for _ in range(5)]
    gaps = {(b - a).total_seconds() for a, b in zip(moments, moments[1:], strict=False)}
    assert max(gaps) <= 0.25 and moments[-1] - moments[0] > timedelta(seconds=0.9)


def test_an_unused_moment_is_gone(noon):
    Rate.objects.reserve("email", 1)
    noon.shift(60)
    assert Rate.objects.reserve("email", 1) <= timezone.now()


def test_a_providers_rate_holds(providers, reference_request, settings):
    settings.EMAIL_RATE = 20
    for n in range(8):
        make_reference(reference_request, email=f"p{n}@reference.example", phone="")
    send_due("email")
    times = sorted(mail.at for mail in providers.mail.kept)
    assert len(times) >= 9
    assert times[-1] - times[0] >= (len(times) - 1) / 20 - 0.05


def test_a_moment_too_late_for_a_lease_is_left_to_others(providers, reference, settings, noon):
    settings.EMAIL_RATE = 1 / 300  # more apart than a worker may hold a message
    make_reference(reference.reference_request, email="p@reference.example", phone="")
    waiting = Message.objects.filter(channel="email").count()
    assert waiting >= 3
    for sent in range(1, waiting + 1):
        send_due("email")
        assert len(providers.mail.kept) == sent
        noon.shift(timedelta(seconds=301))


def test_a_firms_rate_spreads_its_messages_and_stops_no_other(
    providers, reference_request, settings
):
    settings.FIRM_EMAIL_RATE = 1 / 60
    for n in range(3):
        make_reference(reference_request, email=f"p{n}@reference.example", phone="")
    send_due("email")
    assert len(providers.mail.kept) == 1
    waits = Message.objects.filter(channel="email", status="queued").values_list(
        "due_at", flat=True
    )
    assert len(set(waits)) == len(waits) >= 3
