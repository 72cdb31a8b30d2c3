"""Every operation of the API, and a world in which each can be asked for."""

import io
import json
from datetime import timedelta

from django.db import transaction
from django.test import RequestFactory
from django.urls import get_resolver
from django.urls.resolvers import URLPattern
from django.utils import timezone
from PIL import Image

from apps.accounts.tokens import REFRESH, issue
from apps.activities.models import Activity
from apps.candidates.models import Education, Experience
from apps.links.tokens import Purpose, sign
from apps.messaging.models import Message
from apps.metadata.models import Metadatum
from apps.questions.models import QuestionSet
from apps.verifications.models import Verification
from tests.api.world import STRICT, client
from tests.billing.test_invoices import make_invoice
from tests.conftest import (
    PASSWORD,
    answers_to,
    fill,
    make_candidate,
    make_reference,
    make_request,
    recruiter_of,
)

PAGES = {"/api/docs", "/api/schema"}  # the documentation itself


def operations() -> set:
    """Every operation of urls.py under /api."""
    found = set()

    def walk(patterns, prefix):
        for each in patterns:
            here = prefix + str(each.pattern)
            if not isinstance(each, URLPattern):
                walk(each.url_patterns, here)
                continue
            path = "/" + here.replace("<str:pk>", "{id}").replace(
                "<str:relationship>", "{relationship}"
            )
            view = getattr(each.callback, "cls", None)
            if view is None or not path.startswith("/api/"):
                continue
            methods = getattr(each.callback, "actions", None) or [
                name for name in ("get", "post", "patch", "delete") if hasattr(view, name)
            ]
            if path not in PAGES:
                found.update((method.upper(), path) for method in methods if method != "head")

    walk(get_resolver().url_patterns, "")
    return found


class World:
    def __init__(self, alice, bob, charlie, staff, question_set, firm):
        self.alice, self.bob, self.charlie, self.staff = alice, bob, charlie, staff
        self.firm, self.library = firm, question_set
        self.archived = recruiter_of(firm, "Dora")
        self.candidate = make_candidate(bob)
        self.request = make_request(self.candidate, question_set, min_references=5)
        self.waiting = make_reference(self.request)
        self.filled = make_reference(self.request, email="done@reference.example")
        fill(self.filled)
        self.filled.refresh_from_db()
        self.answer_set = self.filled.answer_set
        self.answer_set.typed_by = bob
        self.answer_set.save()
        self.experience = Experience(profile=self.candidate.profile).write(
            bob, company_name="Acme", job_title="Foreman"
        )
        self.education = Education(profile=self.candidate.profile).write(
            bob, school_name="Laval", degree="DEC"
        )
        self.spare = Experience(profile=self.candidate.profile).write(
            bob, company_name="Beta", job_title="Welder"
        )
        self.verification = Verification(
            first_name="Ana", last_name="Roy", email="hr@acme.example"
        ).create(bob, self.experience)
        self.own_set = question_set.copy(alice)
        self.pending = make_reference(self.request, email="wait@reference.example")
        type(self.pending).objects.filter(pk=self.pending.pk).update(status="pending_review")
        self.concluded = make_request(self.candidate, QuestionSet.objects.get(
            key="technical", language="en"
        ))  # fmt: skip
        self.concluded.conclude(bob)
        earlier = timezone.now() - timedelta(hours=30)
        for target in (self.request, self.waiting, self.verification):
            type(target).objects.filter(pk=target.pk).update(last_written_at=earlier)
        self.metadatum = Metadatum.take(_visit(), self.filled, candidate=self.candidate)
        self.invoice = make_invoice(firm)
        self.invoice.open()
        self.link = sign(Purpose.REFERENCE, self.waiting)
        self.tokens = {
            "nobody": client(),
            "respondent": client(link=self.link),
            "recruiter": client(bob.user),
            "root": client(alice.user),
            "other root": client(charlie.user),
            "staff": client(staff),
            "deactivated": client(self.archived.user),
        }
        self.users = {
            "recruiter": bob.user,
            "root": alice.user,
            "other root": charlie.user,
            "staff": staff,
            "deactivated": self.archived.user,
        }
        # Archived without ending its tokens: the refusal looks at the recruiter itself.
        type(self.archived).objects.filter(pk=self.archived.pk).update(is_active_hf=False)

    def target(self, method, path):
        """Whose id stands in the path."""
        special = {
            "/api/v1/reference_requests/{id}/reopen": self.concluded,
            "/api/v1/references/{id}/approve": self.pending,
            "/api/v1/references/{id}/reopen": self.filled,
        }
        stems = {
            "/reminders/reference_request/": self.request,
            "/reminders/reference/": self.waiting,
            "/reminders/verification/": self.verification,
            "/users/": self.bob.user,
            "/answers/": self.answer_set.answers.first(),
            "/answer_sets/": self.answer_set,
            "/hiring_firms/": self.firm,
            "/profiles/": self.candidate,
            "/experiences/": self.spare,
            "/educations/": self.education,
            "/questions/": self.own_set.questions.first(),
            "/question_sets/": self.own_set,
            "/recruiters/": self.bob,
            "/candidates/": self.candidate,
            "/reference_requests/": self.request,
            "/references/": self.waiting,
            "/verifications/": self.verification,
            "/activities/": Activity.objects.filter(candidate=self.candidate).first(),
            "/messages/": Message.objects.filter(candidate=self.candidate).first(),
            "/metadata/": self.metadatum,
            "/invoices/": self.invoice,
        }
        if path in special:
            return special[path]
        return next(row for stem, row in stems.items() if stem in path)

    def relationship(self, path):
        names = {
            "/users/": "identifiable",
            "/answers/": "answer_set",
            "/answer_sets/": "answers",
            "/profiles/": "experiences",
            "/experiences/": "profile",
            "/educations/": "profile",
            "/questions/": "question_set",
            "/question_sets/": "questions",
            "/recruiters/": "user",
            "/candidates/": "references",
            "/reference_requests/": "question_set",
            "/references/": "candidate",
            "/verifications/": "candidate",
        }
        return next(name for stem, name in names.items() if stem in path)

    def body(self, method, path, role):
        """A body that would be good, had the role the right."""
        person = {"first_name": "Zoé", "last_name": "Roy", "email": "zoe@new.example"}
        target = self.target(method, path) if "{id}" in path else None
        if path.endswith("/conclude") and "verifications" in path:
            findings = dict.fromkeys(self.verification.claimed, "confirmed")
            return _document("Verification", target, {"findings": findings})
        if path.endswith("/extend"):
            return _document("ReferenceRequest", target, {"days": 14})
        if path.endswith("/replace"):
            return _document("Reference", None, person)
        if method == "PATCH" and "relationships" not in path and target is not None:
            changes = {
                "User": {"first_name": "B"},
                "Answer": {"comment": "Typed again"},
                "HiringFirm": {"name": "New name"},
                "Candidate": {"notes": "x"},
                "Question": {"category": "skills"},
                "QuestionSet": {"title": "New"},
                "Recruiter": {"notifications": "none"},
                "Reference": {"company_name": "Acme"},
                "ReferenceRequest": {"notes": "x"},
                "Experience": {"city": "Laval"},
                "Education": {"city": "Laval"},
                "Verification": {"organization": "Acme"},
            }
            kind = type(target)._meta.object_name
            named = "Profile" if "/profiles/" in path else kind
            given = {"bio": "x"} if named == "Profile" else changes[kind]
            return _document(named, target, given)
        return {
            "/api/v1/public/reference_requests": self.new_request(),
            "/api/v1/reference_requests": self.new_request(),
            "/api/v1/questions": _document(
                "Question", None, {"type": "text", "text": "Why?"}, question_set=self.own_set
            ),
            "/api/v1/recruiters_with_user": _document(
                "Recruiter", None, {"email": "n@new.example", "hiring_firm_id": str(self.firm.pk)}
            ),
            "/api/v3/candidates": _document("Candidate", None, person),
            "/api/v1/question_sets": _document("QuestionSet", None, {"title": "Ours"}),
            "/api/v1/question_sets/{id}": _document("QuestionSet", target, {"title": "Ours"}),
            "/api/v2/references": _document("Reference", None, person, candidate=self.candidate),
            "/api/v1/public/references": _document(
                "Reference", self.waiting, {"answers": answers_to(self.waiting.questions)}
            ),
            "/api/v3/metadata": _document("Metadatum", None, None, identifiable=self.candidate),
            "/api/v1/experiences": _document(
                "Experience",
                None,
                {"company_name": "A", "job_title": "B"},
                profile=self.candidate.profile,
            ),
            "/api/v1/educations": _document(
                "Education",
                None,
                {"school_name": "A", "degree": "B"},
                profile=self.candidate.profile,
            ),
            "/api/v1/verifications": _document(
                "Verification", None, {**person, "email": "hr@b.example"}, claim=self.spare
            ),
            "/api/v3/oauth/login": self.login(role),
            "/api/v3/oauth/refresh": self.refresh(role),
            "/api/v3/oauth/reset": self.reset(method, role),
        }.get(path)

    def new_request(self):
        library = QuestionSet.objects.get(key="management", language="en")
        return _document(
            "ReferenceRequest", None, {}, question_set=library, candidate=self.candidate
        )

    def login(self, role):
        user = self.users.get(role)
        good = {"email": user.email, "password": PASSWORD} if user else None
        return good or {"email": self.bob.user.email, "password": "wrong"}

    def refresh(self, role):
        user = self.users.get(role)
        return {"refresh_token": issue(user, REFRESH) if user else "wrong"}

    def reset(self, method, role):
        user = self.users.get(role, self.bob.user)
        if method == "POST":
            return {"email": user.email}
        return {"email": user.email, "password": "another-good-one-1", "reset_key": "wrong"}


def _visit():
    return RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")


def _document(kind, row, attributes=None, **relationships):
    data = {"type": kind}
    if row is not None:
        data["id"] = str(row.pk)
    if attributes is not None:
        data["attributes"] = attributes
    if relationships:
        data["relationships"] = {
            name: {"type": type(each)._meta.object_name, "id": str(each.pk)}
            for name, each in relationships.items()
        }
    return {"data": data}


def _file(path):
    if path.endswith("/logo"):
        held = io.BytesIO()
        Image.new("RGB", (4, 4)).save(held, "PNG")
        held.name, name = "logo.png", "logo_file"
    else:
        held = io.BytesIO(b"first_name,last_name,email\nAda,Roy,ada@new.example\n")
        held.name, name = "people.csv", "file"
    held.seek(0)
    return {name: held}


def strictly(body: dict) -> dict:
    """The same document as JSON:API has it."""
    data = dict(body["data"])
    if "attributes" in data and data["type"] == "Question":
        renamed = {"type": "question_type"}
        data["attributes"] = {renamed.get(k, k): v for k, v in data["attributes"].items()}
    if "relationships" in data:
        data["relationships"] = {k: {"data": v} for k, v in data["relationships"].items()}
    return {"data": data}


def ask(world, method, path, role, *, strict=False):
    """One request, undone afterwards: what was sent, and the response."""
    target = str(world.target(method, path).pk) if "{id}" in path else ""
    address = path.replace("{id}", target)
    if "{relationship}" in path:
        address = address.replace("{relationship}", world.relationship(path))
    if path.endswith("/documents"):
        address += f"?type=references&id={world.filled.pk}"
    if method == "GET" and path.endswith("/reset"):
        address += "?email=" + world.reset("POST", role)["email"]
    body, kind = None, "application/json"
    headers = {"Accept": STRICT} if strict else {}
    with transaction.atomic():
        if path.endswith(("/logo", "/import")):
            send = getattr(world.tokens[role], method.lower())
            response = send(address, _file(path), format="multipart", headers=headers)
        else:
            body = world.body(method, path, role) if method != "GET" else None
            if strict and body is not None and "data" in body:
                body, kind = strictly(body), STRICT
            response = world.tokens[role].generic(
                method,
                address,
                json.dumps(body) if body is not None else "",
                content_type=kind,
                headers=headers,
            )
        transaction.set_rollback(True)
    return body, response
