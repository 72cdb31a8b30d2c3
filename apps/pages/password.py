"""Set or reset a recruiter's password, from the link of an email."""

from django.core.exceptions import ValidationError
from rest_framework.exceptions import Throttled

from apps.accounts.sessions import ask_for_reset
from apps.jsonapi.throttling import counted_address
from apps.pages.forms import PasswordForm, ResetForm
from apps.pages.links import in_language, linked, page, private, too_many


@linked
def choose(request, reset):
    """Choose a password, once; opening the page uses nothing up."""
    if reset.used_at is not None and request.method != "POST":
        return page(request, "pages/password/used.html")
    if not reset.link_is_live:
        return page(request, "pages/password/ended.html", status=410)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reset.use(form.cleaned_data["password"])
        except ValidationError as error:
            form.blame(error)
        else:
            return page(request, "pages/password/done.html")
    context = {"form": form, "email": reset.user.email}
    return page(
        request, "pages/password/choose.html", context, status=422 if form.is_bound else 200
    )


@private
@in_language
def forgotten(request):
    """Ask for the email; the answer is the same whoever asks."""
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_reset(form.cleaned_data["email"], counted_address(request) or "")
        except Throttled as spent:
            return too_many(request, spent)
        return page(request, "pages/password/sent.html")
    return page(
        request,
        "pages/password/forgotten.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )
