"""The demo firm, with what tests need to name in it."""

from dataclasses import dataclass, field

from rest_framework.test import APIClient

from apps.accounts.models import PasswordReset, User
from apps.accounts.tokens import ACCESS, issue
from apps.answers.models import Answer
from apps.candidates.models import Candidate, Experience
from apps.links.tokens import Purpose, sign
from apps.questions.models import Question, QuestionSet
from apps.references.models import Reference, ReferenceRequest
from apps.verifications.models import Verification
from tests.conftest import answers_to
from vitay import demo

STRICT = "application/vnd.api+json"


def client(user=None, *, link: str = "") -> APIClient:
    found = APIClient(raise_request_exception=False)
    if user is not None:
        found.credentials(HTTP_AUTHORIZATION=f"Bearer {issue(user, ACCESS)}")
    elif link:
        found.credentials(HTTP_AUTHORIZATION=f"Link {link}")
    return found


@dataclass
class World:
    root: User
    firm: object
    recruiter: object
    candidate: Candidate
    filled: Reference
    waiting: Reference
    answer: Answer
    own_set: QuestionSet
    own_question: Question
    library_set: QuestionSet
    reference_request: ReferenceRequest
    remindable: dict = field(default_factory=dict)

    def given(self) -> list:
        return answers_to(self.waiting.questions)

    @property
    def link(self) -> str:
        return sign(Purpose.REFERENCE, self.waiting)


def told() -> World:
    demo.tell()
    root = User.objects.get(email=demo.ROOT)
    recruiter = User.objects.get(email=demo.RECRUITER).recruiter
    filled = Reference.objects.filter(status="filled", hiring_firm=root.hiring_firm).first()
    waiting = Reference.objects.waiting().filter(hiring_firm=root.hiring_firm).first()
    own_set = QuestionSet.objects.filter(hiring_firm=root.hiring_firm).first()
    return World(
        root=root,
        firm=root.hiring_firm,
        recruiter=recruiter,
        candidate=filled.candidate,
        filled=filled,
        waiting=waiting,
        answer=Answer.objects.filter(answer_set__reference=filled).first(),
        own_set=own_set,
        own_question=own_set.questions.first(),
        library_set=QuestionSet.objects.get(key="technical", language="en"),
        reference_request=filled.reference_request,
        remindable={
            "reference_request": next(_remindable(ReferenceRequest, root)),
            "reference": next(_remindable(Reference, root)),
            "verification": next(_remindable(Verification, root)),
        },
    )


def _remindable(model, root):
    for each in model.objects.filter(hiring_firm=root.hiring_firm):
        blocked = each.nothing_to_remind or each.reminder_count_exceeded
        if not blocked and not each.reminder_rate_exceeded:
            yield each


def reset_for(user) -> PasswordReset:
    return PasswordReset.objects.request(user)


def an_experience(candidate) -> Experience:
    return Experience(profile=candidate.profile, company_name="Acme", job_title="Foreman")
