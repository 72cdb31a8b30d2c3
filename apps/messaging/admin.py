"""The outbox as staff read it: what was sent to whom, what became of it, and why."""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from apps.messaging.addresses import address_hashes
from apps.messaging.kinds import EMAIL, KINDS, WORDS
from apps.messaging.models import Message, OptOut
from apps.messaging.people import normalize_email, normalize_phone
from apps.messaging.rendering import render, words
from apps.messaging.samples import sample
from apps.staff.columns import message_badge, page_of
from apps.staff.filters import FirmFilter, YesNo, known
from apps.staff.framed import framed, without_links
from apps.staff.masking import masked, show_once
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnly
from apps.staff.roles import may_read_answers
from apps.staff.search import as_uuid
from apps.staff.verbs import Verb

# What each end means, and what to do about it.
MEANINGS = {
    "queued": _("Waits for a worker, or for the end of the quiet hours."),
    "sending": _("A worker has it right now."),
    "unknown": _("The provider did not say whether it took it; we ask before sending again."),
    "sent": _("The provider took it. Whether it arrived, it has not said yet."),
    "delivered": _("It arrived."),
    "opened": _("It was opened."),
    "bounced": _("The mail server of the recipient refused it: the address may be wrong."),
    "failed": _("It could not be sent, and nothing tries again by itself."),
    "suppressed": _("It was not sent, for the reason below."),
    "expired": _("It could not be sent in time, and is no use any more."),
}
# Why it was not sent, in our words; a provider's stay as they are.
REASONS = {
    "answered": _("They answered."),
    "filled": _("They answered."),
    "declined": _("They declined."),
    "wrong_person": _("It is the wrong person."),
    "replaced": _("Another person was named instead."),
    "call requested": _("They asked for a call."),
    "reopening ended": _("The reopening has ended."),
    "cancelled": _("It was cancelled."),
    "expired": _("The time to answer is over."),
    "verified": _("They answered."),
    "discrepancy": _("They answered."),
    "unable": _("They answered."),
    "request cancelled": _("The request was cancelled."),
    "request concluded": _("The request was concluded."),
    "request declined": _("The candidate declined."),
    "request expired": _("The request has expired."),
    "reference deleted": _("The reference was deleted."),
    "candidate deleted": _("The candidate was deleted."),
    "recruiter deleted": _("The recruiter was deleted."),
    "firm deleted": _("The firm was deleted."),
    "address changed": _("The address was changed."),
    "erased": _("The person was erased."),
    "gone": _("What it was about is gone."),
    "not wanted any more": _("There was no need for it any more."),
    "opted out": _("The person wants no messages."),
    "country not allowed": _("The firm may not text that country."),
    "premium number": _("It is a premium number."),
    "too many texts in 30 days": _("Too many texts in 30 days."),
    "too many texts today": _("Too many texts today."),
    "by an operator": _("An operator stopped it."),
}
# How somebody said stop.
SOURCES = {
    "link": _("On our page"),
    "text": _("By a text to us"),
    "provider": _("To the provider"),
    "staff": _("To staff"),
}
STUCK = timedelta(minutes=5)  # due for so long, and not sent
TELLING = {"reference_filled", "request_concluded", "verification_done"}  # scores, or words
AGAIN = ("bounced", "failed", "expired", "suppressed")


class StuckFilter(YesNo):
    title, parameter_name = _("stuck"), "stuck"

    def narrow(self, queryset, yes):
        late = timezone.now() - STUCK
        stuck = Q(status__in=["queued", "unknown"], due_at__lt=late)
        return queryset.filter(stuck if yes else ~stuck)


def send_again(message, by):
    """By the invitation's own verb, so that it counts and is recorded; other kinds are news."""
    if not hasattr(message.about, "resend") or "invitation" not in message.kind:
        raise ValidationError(gettext("Only invitations can be sent again."))
    message.about.resend(by)


@admin.register(Message)
class MessageAdmin(ReadOnly, StaffAdmin):
    list_display = ["created_at", "kind", "state", "to", "channel", "why", "firm"]
    list_display_links = ["kind"]
    list_filter = ["status", "channel", StuckFilter, "kind", FirmFilter]
    list_select_related = ["hiring_firm"]
    about_id = "about_id"
    search_fields = ["address"]
    search_help_text = _("A whole email or phone number, or the id of what it is about.")
    date_hierarchy = "created_at"
    personal = ("address",)
    csv = (
        "id", "created_at", "kind", "channel", "name", "address", "status", "error_code",
        "sent_at", "hiring_firm__name",
    )  # fmt: skip
    fieldsets = [
        (None, {"fields": ["kind", "channel", "name", "address", "language", "ordinal"]}),
        (_("What became of it"), {"fields": ["state", "meaning", "error_code", "said"]}),
        (_("About"), {"fields": ["about_link", "candidate_link", "firm"]}),
        (
            _("Times"),
            {"fields": ["created_at", "due_at", "first_tried_at", "sent_at", "expires_at"]},
        ),
        (_("Delivery"), {"fields": ["tries", "attempt", "lease_until", "provider_id"]}),
    ]
    verbs = (
        Verb(
            "resend",
            _("Send again"),
            _("The same invitation goes out once more, by every channel the person has."),
            send_again,
            fits=lambda message: message.status in AGAIN and "invitation" in message.kind,
        ),
    )

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("templates/", wrap(self.templates), name="message_templates"),
            path(
                "templates/<slug:kind>/<slug:channel>/<slug:language>/",
                wrap(self.template_html),
                name="message_template",
            ),
            path("<uuid:pk>/preview/", wrap(self.preview), name="messaging_message_preview"),
            path("<uuid:pk>/preview/html/", wrap(self.preview_html), name="message_html"),
            *super().get_urls(),
        ]

    def tools(self, request):
        return [(_("Every message there is"), reverse("admin:message_templates"))]

    def templates(self, request):
        """Each message in both languages, about people who don't exist."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = request.GET.get("kind") if request.GET.get("kind") in KINDS else next(iter(KINDS))
        tongues = {
            code: get_language_info(code)["name_local"] for code, _name in settings.LANGUAGES
        }
        shown = [
            {
                "channel": channel,
                "title": f"{Message.Channel(channel).label} · {tongue}",
                "words": words(chosen, channel, language, sample(chosen, language)),
                "frame": reverse("admin:message_template", args=[chosen, channel, language]),
            }
            for channel in KINDS[chosen].channels
            for language, tongue in tongues.items()
        ]
        context = self.admin_site.each_context(request) | {
            "title": _("Every message there is"),
            "opts": self.opts,
            "kinds": WORDS,
            "chosen": chosen,
            "shown": shown,
        }
        return TemplateResponse(request, "admin/message_templates.html", context)

    def template_html(self, request, kind, channel, language):
        known = kind in KINDS and channel == EMAIL and language in dict(settings.LANGUAGES)
        if not known or not self.has_view_permission(request):
            raise Http404
        return framed(words(kind, channel, language, sample(kind, language)).html)

    def heading(self, thing):
        return f"{thing.get_kind_display()} · {thing.name}"

    def pages(self, request, thing):
        return [(_("Preview"), reverse("admin:messaging_message_preview", args=[thing.pk]))]

    def get_search_results(self, request, queryset, search_term):
        """By the address's hash, which is indexed and outlives the address."""
        if not search_term.strip() or as_uuid(search_term) is not None:
            return super().get_search_results(request, queryset, search_term.strip())
        return queryset.filter(address_hash__in=hashes(search_term)), False

    def preview(self, request, pk):
        """The words as they would go now; links work for their reader only, so they are cut."""
        message, rendered = self._rendered(request, pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Preview"),
            "opts": self.opts,
            "message": message,
            "rendered": rendered,
            "address": masked(message.address),
            "text": without_links(rendered.text) if rendered else "",
            "is_email": message.channel == EMAIL,
        }
        return TemplateResponse(request, "admin/message_preview.html", context)

    def preview_html(self, request, pk):
        _message, rendered = self._rendered(request, pk)
        if rendered is None or not rendered.html:
            raise Http404
        return framed(rendered.html)

    def _rendered(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        message = self.get_object(request, str(pk))
        if message is None:
            raise Http404
        about = message.about
        # Notices tell what was answered; who may not read answers is not shown it here either.
        hidden = "score" in message.parameters or message.kind in TELLING
        if about is None or (hidden and not may_read_answers(request.user)):
            return message, None
        if message.kind == "reference_call_requested":
            show_once(request.user, about)  # it quotes the note that their page masks
        return message, render(message, about)

    @admin.display(description=_("to"))
    def to(self, message):
        return format_html("{}<br><small>{}</small>", message.name, masked(message.address))

    @admin.display(description=_("state"), ordering="status")
    def state(self, message):
        return message_badge(message)

    @admin.display(description=_("why"))
    def why(self, message):
        found = [message.error_code, self.said(message)]
        return " ".join(each for each in found if each not in ("", "–")) or "–"

    @admin.display(description=_("error"))
    def said(self, message):
        """Mail servers repeat the address that they refuse."""
        error = REASONS.get(message.error, message.error) or "–"
        return error.replace(message.address, masked(message.address)) if message.address else error

    @admin.display(description=_("that means"))
    def meaning(self, message):
        return MEANINGS[message.status]

    @admin.display(description=_("about"))
    def about_link(self, message):
        return page_of(message.about)


def hashes(text: str) -> list[str]:
    """An address as it may stand in the table: an email, or a number with its country."""
    found = []
    try:
        found += address_hashes(normalize_email(text.strip()))
    except ValidationError:
        for country in ("", "1"):
            try:
                code, phone = normalize_phone(country, text)
            except ValidationError:
                continue
            found += address_hashes(f"+{code}{phone}")
    return found


@admin.register(OptOut)
class OptOutAdmin(StaffAdmin):
    list_display = ["created_at", "channel", "how", "address_hash"]
    list_filter = ["channel", ("source", known(SOURCES, _("source"), SOURCES.get))]
    search_fields = ["address_hash"]
    search_help_text = _("A whole email or phone number: only its hash is kept.")
    date_hierarchy = "created_at"
    fields = ("channel", "how", "address_hash", "created_at")
    csv = ("id", "channel", "source", "created_at")

    def has_change_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        return queryset.filter(address_hash__in=hashes(search_term)), False

    @admin.display(description=_("source"), ordering="source")
    def how(self, opt_out):
        return SOURCES.get(opt_out.source, opt_out.source)
