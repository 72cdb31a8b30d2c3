"""Every operation, one per line. A version is a word in a path, never an `if`."""

from django.contrib import admin
from django.urls import include, path, re_path, register_converter
from django.views.generic import RedirectView

from apps.accounts.views import LoginView, LogoutView, RefreshView, ResetView, UserViews
from apps.activities.views import ActivityViews
from apps.analytics.views import FirmAnalyticsView, RecruiterAnalyticsView
from apps.answers.views import AnswerSetViews, AnswerViews, PublicReferenceViews
from apps.billing.views import InvoiceViews
from apps.candidates.views import (
    CandidateImport,
    CandidateViews,
    EducationViews,
    ExperienceViews,
    ProfileViews,
)
from apps.documents.pages import check
from apps.documents.people_views import AccessView, EraseView
from apps.documents.views import DocumentView
from apps.firms import files
from apps.firms.views import HiringFirmViews, LogoView
from apps.jsonapi import errors
from apps.messaging.views import MessageViews
from apps.metadata.views import MetadatumViews
from apps.pages import candidate, links, password, reference, site, unsubscribe, verifier
from apps.questions.views import QuestionSetViews, QuestionViews
from apps.recruiters.views import InvitationViews, RecruiterViews
from apps.references.models import Reference, ReferenceRequest
from apps.references.views import (
    MessagesOf,
    PublicReferenceRequestViews,
    ReferenceRequestViews,
    ReferenceViews,
)
from apps.reminders.views import RemindView
from apps.verifications.models import Verification
from apps.verifications.views import VerificationViews
from vitay.api import DocsView, PingView, PostmanCollectionView, PostmanView, SchemaView

handler400 = "apps.pages.site.bad_request"
handler403 = "apps.jsonapi.errors.permission_denied"
handler404 = "apps.pages.site.not_found"
handler500 = "apps.pages.site.server_error"

# The operations of paths, by method.
LIST = {"get": "list"}
LIST_AND_CREATE = {"get": "list", "post": "create"}
SHOW = {"get": "retrieve"}
SHOW_AND_CHANGE = {"get": "retrieve", "patch": "partial_update"}
SHOW_CHANGE_DELETE = SHOW_AND_CHANGE | {"delete": "destroy"}
LINKAGE = {"get": "linkage", "post": "refuse", "patch": "refuse", "delete": "refuse"}
RELATED = {"get": "related"}

documented = [
    path("v3/ping", PingView.as_view()),
    path("v3/api/postman", PostmanView.as_view()),
    path("v1/public/reference_requests", PublicReferenceRequestViews.as_view(LIST_AND_CREATE)),
    path(
        "v1/reminders/reference_request/<str:pk>",
        RemindView.as_view(queryset=ReferenceRequest.objects.all()),
    ),
    path("activities", ActivityViews.as_view(LIST)),
    path("documents", DocumentView.as_view()),
    path("v3/documents", DocumentView.as_view()),
    path("v1/users", UserViews.as_view(LIST)),
    path("v1/users/me", UserViews.as_view({"get": "me"})),
    path("v1/users/<str:pk>", UserViews.as_view(SHOW_AND_CHANGE), name="User"),
    path("v1/answers/<str:pk>", AnswerViews.as_view(SHOW_AND_CHANGE), name="Answer"),
    path("v1/hiring_firms", HiringFirmViews.as_view(LIST)),
    path(
        "v1/hiring_firms/<str:pk>", HiringFirmViews.as_view(SHOW_CHANGE_DELETE), name="HiringFirm"
    ),
    path("v1/hiring_firms/<str:pk>/logo", LogoView.as_view()),
    path("v1/hiring_firms/<str:pk>/analytics", FirmAnalyticsView.as_view()),
    path("v1/profiles/<str:pk>", ProfileViews.as_view(SHOW_AND_CHANGE), name="Profile"),
    path("v1/questions", QuestionViews.as_view(LIST_AND_CREATE)),
    path("v1/questions/<str:pk>", QuestionViews.as_view(SHOW_CHANGE_DELETE), name="Question"),
    path(
        "v1/reminders/verification/<str:pk>",
        RemindView.as_view(queryset=Verification.objects.all()),
    ),
    path("v2/recruiters", RecruiterViews.as_view(LIST)),
    path("v1/recruiters/<str:pk>", RecruiterViews.as_view(SHOW_CHANGE_DELETE), name="Recruiter"),
    path("v1/recruiters/<str:pk>/analytics", RecruiterAnalyticsView.as_view()),
    path("v1/recruiters_with_user", InvitationViews.as_view({"post": "create"})),
    path("v3/candidates", CandidateViews.as_view(LIST_AND_CREATE)),
    path("v3/candidates/<str:pk>", CandidateViews.as_view(SHOW_CHANGE_DELETE), name="Candidate"),
    path("v1/question_sets", QuestionSetViews.as_view(LIST_AND_CREATE)),
    path(
        "v1/question_sets/<str:pk>",
        QuestionSetViews.as_view(SHOW_CHANGE_DELETE | {"post": "partial_update"}),
        name="QuestionSet",
    ),
    path("v2/references", ReferenceViews.as_view(LIST_AND_CREATE)),
    path("v1/references/<str:pk>", ReferenceViews.as_view(SHOW_CHANGE_DELETE), name="Reference"),
    path("v1/public/references", PublicReferenceViews.as_view({"post": "submit"})),
    path("v1/public/references/<str:pk>", PublicReferenceViews.as_view(SHOW)),
    path(
        "v1/reminders/reference/<str:pk>",
        RemindView.as_view(queryset=Reference.objects.all()),
    ),
    path("v3/metadata", MetadatumViews.as_view(LIST_AND_CREATE)),
    path("v3/oauth/login", LoginView.as_view()),
    path("v3/oauth/reset", ResetView.as_view()),
]

# What the reference leaves out and integrations need.
beyond = [
    path("v3/api/postman/collection", PostmanCollectionView.as_view()),
    path("v3/oauth/refresh", RefreshView.as_view()),
    path("v3/oauth/logout", LogoutView.as_view()),
    path("v1/activities/<str:pk>", ActivityViews.as_view(SHOW), name="Activity"),
    path("v1/candidates/<str:pk>/erase", EraseView.as_view()),
    path("v1/candidates/<str:pk>/access", AccessView.as_view()),
    path("v1/answers", AnswerViews.as_view(LIST)),
    path("v1/answer_sets", AnswerSetViews.as_view(LIST)),
    path("v1/answer_sets/<str:pk>", AnswerSetViews.as_view(SHOW), name="AnswerSet"),
    path("v1/candidates/import", CandidateImport.as_view({"post": "create"})),
    path("v1/profiles", ProfileViews.as_view(LIST)),
    path("v1/experiences", ExperienceViews.as_view(LIST_AND_CREATE)),
    path("v1/experiences/<str:pk>", ExperienceViews.as_view(SHOW_CHANGE_DELETE), name="Experience"),
    path("v1/educations", EducationViews.as_view(LIST_AND_CREATE)),
    path("v1/educations/<str:pk>", EducationViews.as_view(SHOW_CHANGE_DELETE), name="Education"),
    path("v1/question_sets/<str:pk>/copy", QuestionSetViews.as_view({"post": "copy"})),
    path("v1/reference_requests", ReferenceRequestViews.as_view(LIST_AND_CREATE)),
    path(
        "v1/reference_requests/<str:pk>",
        ReferenceRequestViews.as_view(SHOW_AND_CHANGE),
        name="ReferenceRequest",
    ),
    path(
        "v1/reference_requests/<str:pk>/cancel", ReferenceRequestViews.as_view({"post": "cancel"})
    ),
    path(
        "v1/reference_requests/<str:pk>/conclude",
        ReferenceRequestViews.as_view({"post": "conclude"}),
    ),
    path(
        "v1/reference_requests/<str:pk>/reopen", ReferenceRequestViews.as_view({"post": "reopen"})
    ),
    path(
        "v1/reference_requests/<str:pk>/extend", ReferenceRequestViews.as_view({"post": "extend"})
    ),
    path(
        "v1/reference_requests/<str:pk>/messages",
        MessagesOf.as_view(LIST, targets=ReferenceRequest.objects.all()),
    ),
    path("v1/references/<str:pk>/approve", ReferenceViews.as_view({"post": "approve"})),
    path("v1/references/<str:pk>/cancel", ReferenceViews.as_view({"post": "cancel"})),
    path("v1/references/<str:pk>/reopen", ReferenceViews.as_view({"post": "reopen"})),
    path("v1/references/<str:pk>/replace", ReferenceViews.as_view({"post": "replace"})),
    path("v1/references/<str:pk>/messages", MessagesOf.as_view(LIST)),
    path("v1/verifications", VerificationViews.as_view(LIST_AND_CREATE)),
    path(
        "v1/verifications/<str:pk>",
        VerificationViews.as_view(SHOW_AND_CHANGE),
        name="Verification",
    ),
    path("v1/verifications/<str:pk>/conclude", VerificationViews.as_view({"post": "conclude"})),
    path("v1/verifications/<str:pk>/cancel", VerificationViews.as_view({"post": "cancel"})),
    path("v1/messages", MessageViews.as_view(LIST)),
    path("v1/messages/<str:pk>", MessageViews.as_view(SHOW), name="Message"),
    path("v1/invoices", InvoiceViews.as_view(LIST)),
    path("v1/invoices/<str:pk>", InvoiceViews.as_view(SHOW), name="Invoice"),
    path("v1/metadata/<str:pk>", MetadatumViews.as_view(SHOW), name="Metadatum"),
]

# Where the links of relationships lead: linkage, and the related resources.
LINKED = {
    "v1/users": UserViews,
    "v1/answers": AnswerViews,
    "v1/answer_sets": AnswerSetViews,
    "v1/profiles": ProfileViews,
    "v1/experiences": ExperienceViews,
    "v1/educations": EducationViews,
    "v1/questions": QuestionViews,
    "v1/question_sets": QuestionSetViews,
    "v1/recruiters": RecruiterViews,
    "v3/candidates": CandidateViews,
    "v1/reference_requests": ReferenceRequestViews,
    "v1/references": ReferenceViews,
    "v1/verifications": VerificationViews,
}
linkage = [
    path(f"{stem}/<str:pk>/relationships/<str:relationship>", views.as_view(LINKAGE))
    for stem, views in LINKED.items()
]
related = [
    path(f"{stem}/<str:pk>/<str:relationship>", views.as_view(RELATED))
    for stem, views in LINKED.items()
]

# What people open: `/r/<token>`, one purpose each.
register_converter(links.RequestLink, "candidate")
register_converter(links.ReferenceLink, "reference")
register_converter(links.VerificationLink, "verifier")
register_converter(links.PasswordLink, "password")
register_converter(unsubscribe.UnsubscribeLink, "reminded")
pages = [
    path("", site.start, name="start"),
    path("privacy", site.privacy, name="privacy"),
    path("help", site.help, name="help"),
    path("password", password.forgotten, name="forgotten-password"),
    path("r/<candidate:token>", candidate.home),
    path("r/<candidate:token>/consent", candidate.consent),
    path("r/<candidate:token>/decline", candidate.decline),
    path("r/<candidate:token>/name", candidate.name),
    path("r/<candidate:token>/people/<uuid:pk>/remind", candidate.remind),
    path("r/<candidate:token>/people/<uuid:pk>/correct", candidate.correct),
    path("r/<candidate:token>/people/<uuid:pk>/replace", candidate.replace),
    path("r/<candidate:token>/profile", candidate.profile),
    path("r/<candidate:token>/profile/<str:kind>", candidate.line),
    path("r/<candidate:token>/profile/<str:kind>/<uuid:pk>", candidate.line),
    path("r/<reference:token>", reference.home),
    path("r/<reference:token>/begin", reference.begin),
    path("r/<reference:token>/you", reference.you),
    path("r/<reference:token>/q/<int:number>", reference.question),
    path("r/<reference:token>/review", reference.review),
    path("r/<reference:token>/copy", reference.copy),
    path("r/<reference:token>/decline", reference.decline),
    path("r/<reference:token>/wrong-person", reference.wrong_person),
    path("r/<reference:token>/call", reference.call),
    path("r/<reference:token>/stop", reference.stop),
    path("r/<reference:token>/erase", reference.erase),
    path("r/<verifier:token>", verifier.home),
    path("r/<verifier:token>/check", verifier.check),
    path("r/<verifier:token>/decline", verifier.decline),
    path("r/<password:token>", password.choose),
    path("r/<reminded:token>", unsubscribe.unsubscribe),
]

urlpatterns = [
    *pages,
    path("api/docs", DocsView.as_view()),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path("api/", include(documented + beyond + linkage + related)),
    re_path("^api/(?P<path>.*[^/])/$", errors.slashed),
    re_path("^api/", errors.unrouted),
    path("d/<str:number>", check, name="check"),
    path("media/logos/<str:name>", files.logo),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("", include("apps.messaging.urls")),  # provider webhooks; the mailbox
    path("r/<path:rest>", links.unknown),  # a link that is no link: what to do, and how often
]
