"""Where messages land while no provider is set: one JSON file each, shown at /dev/mailbox.

Emails come by SMTP from `manage.py mailbox`, texts over Twilio's own API, answered here: the code
that sends is the code of production.
"""

import json
import os
import re
import uuid
from datetime import datetime
from email.utils import format_datetime
from html import unescape

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.jsonapi.ids import uuid7
from apps.messaging.kinds import EMAIL, SMS

LINK = re.compile(r"https?://[^\s<>\"']+")
ON_A_PAGE = 50
INVALID_NUMBER = 21211
# An email shows in a frame that can load nothing, run nothing and submit nothing; its links open
# in a window of their own.
FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def keep(channel: str, to: str, text: str, *, subject: str = "", html: str = "") -> dict:
    """Put one message where the mailbox shows it; the id rises with time and names the file."""
    id = str(uuid7())
    links = [link.rstrip(".,;:!?)]") for link in LINK.findall(f"{text} {unescape(html)}")]
    message = {
        "id": id,
        "channel": channel,
        "to": to,
        "subject": subject,
        "text": text,
        "html": html,
        "links": list(dict.fromkeys(links)),
        "created_at": timezone.now().isoformat().replace("+00:00", "Z"),
    }
    settings.MAILBOX_DIR.mkdir(parents=True, exist_ok=True)
    path = settings.MAILBOX_DIR / f"{id}.json"
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(message, ensure_ascii=False))
    os.replace(unfinished, path)
    return message


def kept(limit: int | None = None) -> list[dict]:
    """The messages, newest first."""
    paths = sorted(settings.MAILBOX_DIR.glob("*.json"), reverse=True)
    return [json.loads(path.read_text()) for path in paths[:limit]]


@require_safe
def page(request):
    messages = kept(ON_A_PAGE)
    for message in messages:
        message["at"] = datetime.fromisoformat(message["created_at"])
    newest = next((each["id"] for each in messages if each["channel"] == EMAIL), None)
    return render(request, "dev/mailbox.html", {"mailbox": messages, "open": newest})


@require_safe
def listing(request):
    return JsonResponse(kept(), safe=False)


@require_safe
@xframe_options_sameorigin
def email(request, pk: uuid.UUID):
    """One email's HTML, as sent."""
    path = settings.MAILBOX_DIR / f"{pk}.json"
    if not path.exists():
        raise Http404
    message = json.loads(path.read_text())
    if message["channel"] != EMAIL:
        raise Http404
    html = message["html"].replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(html, headers={"Content-Security-Policy": FRAME})


@csrf_exempt
def twilio(request, account: str):
    """Twilio's list of messages: POST adds one, GET finds those to a number."""
    if request.method == "POST":
        to, body = request.POST.get("To", ""), request.POST.get("Body", "")
        if not re.fullmatch(r"\+[1-9]\d{6,14}", to):
            words = f"Invalid 'To' Phone Number: {to}"
            return JsonResponse(
                {"code": INVALID_NUMBER, "message": words, "status": 400}, status=400
            )
        return JsonResponse(_as_twilio(keep(SMS, to, body), account), status=201)
    to = request.GET.get("To")
    texts = [each for each in kept() if each["channel"] == SMS and to in (None, each["to"])]
    messages = [_as_twilio(each, account) for each in texts[:1000]]
    return JsonResponse({"messages": messages, "next_page_uri": None, "uri": request.path})


def _as_twilio(message: dict, account: str) -> dict:
    at = format_datetime(datetime.fromisoformat(message["created_at"]))
    sid = "SM" + message["id"].replace("-", "")
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": message["text"],
        "date_created": at,
        "date_sent": at,
        "date_updated": at,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": settings.TWILIO_FROM,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "sid": sid,
        "status": "delivered",
        "subresource_uris": {},
        "to": message["to"],
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}.json",
    }
