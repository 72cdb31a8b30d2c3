"""Acts of staff: chosen in a list or on a page, asked once more, then done by the model's verb."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext

AT_ONCE = 200


@dataclass(frozen=True)
class Verb:
    """`run(object, user, **form data)` raises ValidationError where the rules forbid it."""

    name: str
    label: str
    question: str  # what will happen, in a sentence
    run: Callable
    fits: Callable = lambda thing: True  # whether its button shows on the page of one
    form: type[forms.Form] | None = None
    permission: str = "change"
    single: bool = False  # only for one at a time


def ask_then_do(model_admin, request, queryset, verb: Verb):
    """First the question, then the deed for each; what the rules refuse is said and left as is."""
    chosen = list(queryset[: AT_ONCE + 1])
    most = 1 if verb.single else AT_ONCE
    if len(chosen) > most:
        model_admin.message_user(
            request,
            ngettext("Choose %(n)d at a time.", "Choose at most %(n)d at a time.", most)
            % {"n": most},
            messages.ERROR,
        )
        return None
    confirmed = "confirmed" in request.POST
    form = verb.form(request.POST if confirmed else None) if verb.form else None
    if confirmed and (form is None or form.is_valid()):
        _do(model_admin, request, chosen, verb, form.cleaned_data if form else {})
        return HttpResponseRedirect(_next(request))
    options = model_admin.model._meta
    context = model_admin.admin_site.each_context(request) | {
        "title": verb.label,
        "opts": options,
        "verb": verb,
        "form": form,
        "chosen": [(thing.pk, model_admin.heading(thing)) for thing in chosen],
        "next": _next(request),
        "list_url": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/confirm_verb.html", context)


def _do(model_admin, request, chosen, verb, data) -> None:
    done = 0
    for thing in chosen:
        name = model_admin.heading(thing)
        try:
            with transaction.atomic():
                verb.run(thing, request.user, **data)
            done += 1
            if thing.pk is not None:
                model_admin.log_change(request, thing, str(verb.label))
        except ValidationError as error:
            words = " ".join(error.messages)
            model_admin.message_user(request, f"{name}: {words}", messages.ERROR)
    if done:
        words = ngettext("%(verb)s: %(n)d done.", "%(verb)s: %(n)d done.", done)
        model_admin.message_user(request, words % {"verb": verb.label, "n": done}, messages.SUCCESS)


def _next(request) -> str:
    """Back to where the act was chosen."""
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    return to if safe else request.get_full_path()
