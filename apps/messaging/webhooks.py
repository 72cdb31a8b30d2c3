"""What providers tell us: receipts of what was sent, and the texts that people send back."""

from anymail.signals import tracking
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from apps.jsonapi.fold import fold
from apps.jsonapi.ids import parse
from apps.messaging.gateways import OPTED_OUT
from apps.messaging.kinds import EMAIL, SMS
from apps.messaging.models import Message, OptOut

Status = Message.Status

# Folded: without accents and case. Twilio's own words, and the French ones.
STOP = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"} | {
    "arret", "arreter", "desabonner", "desabonnement", "annuler", "fin", "quitter"
}  # fmt: skip
START = {"start", "unstop", "yes", "debut", "commencer", "reprendre", "oui"}
HELP = {"help", "info", "aide"}
# Both languages in one text each, in GSM-7: a number tells no language.
STOPPED = (
    "Vitay: no more texts. START to get them again. / "
    "Vous ne recevrez plus de textos. DEBUT pour en recevoir de nouveau."
)
STARTED = "Vitay: texts are on. STOP ends them. / Les textos reprennent. ARRET pour y mettre fin."
HELPED = (
    "Vitay: employers ask for references. {support} STOP ends texts. / "
    "Des employeurs demandent des références. ARRET y met fin."
)

TEXT_STATUS = {"delivered": Status.DELIVERED, "read": Status.DELIVERED} | dict.fromkeys(
    ["undelivered", "failed", "canceled"], Status.FAILED
)
EMAIL_STATUS = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "opened": Status.OPENED,
    "clicked": Status.OPENED,
    "bounced": Status.BOUNCED,
    "rejected": Status.BOUNCED,
    "failed": Status.FAILED,  # the provider could not, and says nothing of the address
}


def from_twilio(view):
    """Only requests that Twilio signed, for the address that it knows us by."""

    def signed(request, *args, **kwargs):
        url = f"{settings.PUBLIC_URL}{request.get_full_path()}"
        signature = request.headers.get("X-Twilio-Signature", "")
        token = settings.TWILIO_AUTH_TOKEN  # without one anybody could sign
        validator = RequestValidator(token)
        if not token or not validator.validate(url, request.POST.dict(), signature):
            return HttpResponseForbidden()
        return view(request, *args, **kwargs)

    return csrf_exempt(require_POST(signed))


@from_twilio
def text_status(request, pk: str):
    """A receipt, at the address that was given with the text. Any receipt proves that it went."""
    message = Message.objects.filter(pk=parse(pk), channel=SMS).first()
    if message is not None:
        code = request.POST.get("ErrorCode", "")
        if code == str(OPTED_OUT):
            OptOut.objects.record(message.address, SMS, source="provider")
        message.receipt(
            TEXT_STATUS.get(request.POST.get("MessageStatus", ""), Status.SENT),
            code,
            provider_id=request.POST.get("MessageSid", ""),
        )
    return HttpResponse(status=204)


@from_twilio
def text_received(request):
    """STOP, START and HELP, in the words of both languages; other texts get no answer."""
    number, reply = request.POST.get("From", ""), MessagingResponse()
    said = fold(request.POST.get("OptOutType") or request.POST.get("Body", "")).strip(" .!«»\"'")
    answer = ""
    if said in STOP:
        OptOut.objects.record(number, SMS, source="text")
        answer = STOPPED
    elif said in START:
        OptOut.objects.of(number, SMS).delete()
        answer = STARTED
    elif said in HELP:
        answer = HELPED.format(support=settings.SUPPORT_EMAIL)
    if answer and "OptOutType" not in request.POST:  # else Twilio has answered already
        reply.message(answer)
    return HttpResponse(str(reply), content_type="application/xml")


@receiver(tracking)
def email_tracked(event, **kwargs):
    """anymail's one way to tell of deliveries, bounces and complaints, whatever the provider."""
    ours = parse((event.metadata or {}).get("message"))
    found = Message.objects.filter(channel=EMAIL)
    found = found.filter(pk=ours) if ours else found.filter(provider_id=event.message_id)
    message = found.first() if ours or event.message_id else None
    if message is None:
        return
    if event.event_type in ("complained", "unsubscribed"):
        OptOut.objects.record(message.address, EMAIL, source="provider")
    elif event.event_type in EMAIL_STATUS:
        message.receipt(EMAIL_STATUS[event.event_type], event.reject_reason or "")
