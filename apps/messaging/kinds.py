"""Every message there is. Its words stand in `templates/messages/<kind>/`."""

from datetime import timedelta
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

EMAIL, SMS = "email", "sms"


class Kind(NamedTuple):
    channels: tuple[str, ...] = (EMAIL,)
    invitation: bool = False  # one a day to an address
    reminder: bool = False  # held in quiet hours by email too; ends with an unsubscribe
    resend_unknown: bool = False  # resent once when nobody can say what became of it
    lifetime: timedelta = timedelta(days=3)  # after that nobody wants it any more


BOTH = (EMAIL, SMS)
DAYS_30 = timedelta(days=30)
INVITATION = Kind(BOTH, invitation=True, resend_unknown=True, lifetime=DAYS_30)
REMINDER = Kind(BOTH, reminder=True)
NOTICE = Kind(lifetime=timedelta(days=7))

KINDS: dict[str, Kind] = {
    "request_invitation": INVITATION,
    "request_reminder": REMINDER,
    "reference_unreachable": NOTICE,
    "reference_invitation": INVITATION,
    "reference_reminder": REMINDER,
    "reference_receipt": NOTICE,
    "reference_reopened": Kind(BOTH, resend_unknown=True, lifetime=timedelta(days=7)),
    "verification_invitation": INVITATION,
    "verification_reminder": REMINDER,
    "request_filled": NOTICE,
    "request_concluded": NOTICE,
    "request_declined": NOTICE,
    "request_expired": NOTICE,
    "reference_filled": NOTICE,
    "reference_declined": NOTICE,
    "reference_call_requested": NOTICE,
    "reference_wrong_person": NOTICE,
    "reference_erasure_requested": NOTICE,
    "message_failed": NOTICE,
    "verification_done": NOTICE,
    "recruiter_welcome": Kind(resend_unknown=True, lifetime=DAYS_30),
    "password_reset": Kind(resend_unknown=True, lifetime=timedelta(hours=1)),
    "password_changed": NOTICE,
}
# What a recruiter who wants only the important ones gets.
IMPORTANT = {
    "request_concluded",
    "request_declined",
    "request_expired",
    "reference_call_requested",
    "reference_erasure_requested",
    "message_failed",
    "verification_done",
}
# As staff read them.
WORDS = {
    "request_invitation": _("Candidate: invitation"),
    "request_reminder": _("Candidate: reminder"),
    "reference_unreachable": _("Candidate: a reference can't be reached"),
    "reference_invitation": _("Reference: invitation"),
    "reference_reminder": _("Reference: reminder"),
    "reference_receipt": _("Reference: receipt"),
    "reference_reopened": _("Reference: answers reopened"),
    "verification_invitation": _("Verifier: invitation"),
    "verification_reminder": _("Verifier: reminder"),
    "request_filled": _("Recruiter: the candidate has named enough references"),
    "request_concluded": _("Recruiter: the request is concluded"),
    "request_declined": _("Recruiter: the candidate declined"),
    "request_expired": _("Recruiter: the request has expired"),
    "reference_filled": _("Recruiter: a reference answered"),
    "reference_declined": _("Recruiter: a reference declined"),
    "reference_call_requested": _("Recruiter: a reference asked for a call"),
    "reference_wrong_person": _("Recruiter: a reference is the wrong person"),
    "reference_erasure_requested": _("Recruiter: a reference asked to be erased"),
    "message_failed": _("Recruiter: a message did not arrive"),
    "verification_done": _("Recruiter: a verification is done"),
    "recruiter_welcome": _("Account: welcome"),
    "password_reset": _("Account: new password asked for"),
    "password_changed": _("Account: password changed"),
}
