"""The candidate's pages: agree, name people, see how far they are. Never what was said."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.jsonapi.throttling import client_address
from apps.metadata.models import Metadatum
from apps.pages.forms import AddressForm, EducationForm, ExperienceForm, NamedForm
from apps.pages.links import go, linked, page
from apps.references.models import ReferenceRequest

Status = ReferenceRequest.Status
# A shape and a word. Whether somebody declined is not the candidate's to be told why.
BADGES = {
    "created": ("idle", _("To be written to")),
    "pending_review": ("idle", _("Being looked at")),
    "sent": ("idle", _("Invited")),
    "opened": ("wait", _("Has opened it")),
    "started": ("wait", _("Is answering")),
    "call_requested": ("wait", _("Prefers a call")),
    "bounced": ("stop", _("Not reached")),
    "filled": ("good", _("Has answered")),
    "declined": ("stop", _("Will not answer")),
    "wrong_person": ("stop", _("Wrong person")),
    "expired": ("stop", _("Time is over")),
    "cancelled": ("idle", _("No longer needed")),
}
LINES = {"experience": ExperienceForm, "education": EducationForm}


@linked
def home(request, asked):
    """What is asked and why; after the consent, how far it is."""
    if asked.status == Status.DECLINED:
        return page(request, "pages/candidate/declined.html")
    ended = asked.status in (Status.EXPIRED, Status.CANCELLED)
    if ended or (asked.status != Status.CONCLUDED and not asked.link_is_live):
        return page(request, "pages/candidate/ended.html", status=410)
    if asked.consented_at is None:
        return page(request, "pages/candidate/trust.html")
    return page(request, "pages/candidate/progress.html", {"people": _people(asked)})


@linked(states=ReferenceRequest.OPEN)
def consent(request, asked):
    if request.method != "POST":
        return go(request)
    asked.consent(language=asked.message_language, ip_address=client_address(request))
    return go(request, "/name" if asked.missing else "")


@linked(states=ReferenceRequest.OPEN)
def decline(request, asked):
    if request.method == "POST":
        asked.decline()
        return go(request)
    return page(request, "pages/candidate/decline.html")


@linked(states=ReferenceRequest.OPEN)
def name(request, asked):
    """Name one more person."""
    if asked.consented_at is None or not asked.may_name_more:
        return go(request)
    return _name(request, asked, "pages/candidate/name.html")


@linked(states=ReferenceRequest.OPEN)
def replace(request, asked, pk):
    """Name another person in place of a silent one."""
    person = _person(asked, pk)
    # Sent twice, the second finds the first one done: the model says whom it named.
    if not person.may_be_replaced and request.method != "POST":
        return go(request)
    return _name(request, asked, "pages/candidate/name.html", instead_of=person)


def _name(request, asked, template: str, *, instead_of=None):
    form = NamedForm(request.POST or None, firm=asked.hiring_firm)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                asked.name(instead_of=instead_of, **form.named())
                Metadatum.take(request, asked.candidate, candidate=asked.candidate)
        except ValidationError as error:
            if getattr(error, "code", None) == "state":
                raise
            form.blame(error)
        else:
            asked.refresh_from_db()
            return go(request, "/name" if asked.missing else "")
    named = asked.named().count()
    context = {
        "form": form,
        "instead_of": instead_of,
        "people": _people(asked),
        "number": named + 1,
        "must_be_manager": asked.missing_managers and asked.missing_managers >= asked.missing,
    }
    return page(request, template, context, status=422 if form.is_bound else 200)


@linked(states=ReferenceRequest.OPEN)
def correct(request, asked, pk):
    """Correct the address of somebody we could not reach."""
    person = _person(asked, pk)
    if not person.address_may_be_corrected:
        return go(request)
    form = AddressForm(request.POST or None, initial=AddressForm.address_of(person))
    if request.method == "POST" and form.is_valid():
        try:
            person.correct_address(asked.candidate, **form.address())
        except ValidationError as error:
            if getattr(error, "code", None) == "state":
                raise
            form.blame(error)
        else:
            return go(request)
    context = {"form": form, "person": person}
    return page(request, "pages/candidate/correct.html", context, status=_status(form))


@linked(states=ReferenceRequest.OPEN)
def remind(request, asked, pk):
    """Remind somebody kindly, once a day."""
    person = _person(asked, pk)
    if request.method == "POST":
        try:
            person.remind(by=asked.candidate)
        except ValidationError:
            pass  # sent twice, or answered meanwhile: the page says when we last wrote
    return go(request)


@linked(states=ReferenceRequest.OPEN)
def profile(request, asked):
    """What the candidate did and learned, when the firm asks for it."""
    if asked.consented_at is None or not asked.hiring_firm.asks_for_profile:
        return go(request)
    lines = asked.candidate.profile
    context = {"experiences": lines.experiences.all(), "educations": lines.educations.all()}
    return page(request, "pages/candidate/profile.html", context)


@linked(states=ReferenceRequest.OPEN)
def line(request, asked, kind, pk=None):
    """One line of the profile: new, changed or removed."""
    if asked.consented_at is None or not asked.hiring_firm.asks_for_profile:
        return go(request)
    if kind not in LINES:
        raise Http404
    lines = getattr(asked.candidate.profile, f"{kind}s")
    row = lines.filter(pk=pk).first() if pk else lines.model(profile=asked.candidate.profile)
    if row is None:
        return go(request, "/profile")
    if request.method == "POST" and "remove" in request.POST:
        if pk:
            row.remove(asked.candidate)
        return go(request, "/profile")
    fields = LINES[kind].base_fields
    initial = {each: getattr(row, each) for each in fields}
    form = LINES[kind](request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        same = {each: value or "" for each, value in form.cleaned_data.items()}
        same |= {each: form.cleaned_data[each] for each in ("started_on", "ended_on")}
        try:
            if pk or not lines.filter(**same).exists():  # sent twice, it is written once
                row.write(asked.candidate, **same)
        except ValidationError as error:
            form.blame(error)
        else:
            return go(request, "/profile")
    context = {"form": form, "kind": kind, "row": row if pk else None}
    return page(request, "pages/candidate/line.html", context, status=_status(form))


def _status(form) -> int:
    return 422 if form.is_bound else 200


def _people(asked) -> list:
    """Whom we wrote to, in the order they were named, with what can be done; not the replaced."""
    people = asked.references.exclude(status="replaced").order_by("created_at", "id")
    people = list(people.select_related("hiring_firm", "reference_request", "candidate"))
    for person in people:
        person.tie = person.relationship_label(get_language(), corrected=False)
        person.badge = BADGES[person.status]
        waiting = not person.nothing_to_remind and not person.reminder_count_exceeded
        person.may_remind = waiting and not person.reminder_rate_exceeded
        if waiting and not person.may_remind:
            person.remind_after = person.last_written_at + person.MANUAL_INTERVAL
    return people


def _person(asked, pk):
    person = asked.references.filter(pk=pk).first()
    if person is None:
        raise Http404
    return person
