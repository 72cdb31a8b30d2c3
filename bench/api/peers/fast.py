"""The candidates list on FastAPI, SQLAlchemy and Pydantic: the same document, without Django."""

import os
from datetime import date, datetime
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session, joinedload, selectinload, with_loader_criteria

from bench.api.peers.tables import (
    Candidate,
    Recruiter,
    Reference,
    ReferenceRequest,
    User,
)

SIZE = 15
URL = os.environ["DATABASE_URL"].replace("postgres:", "postgresql+psycopg:", 1)
engine = create_engine(URL, connect_args={"options": "-c timezone=UTC"})
app = FastAPI()
Data = TypeVar("Data")


class Row(BaseModel):
    """Attributes, read from a row."""

    model_config = ConfigDict(from_attributes=True)


class Identifier(BaseModel):
    type: str
    id: UUID


class Filled(BaseModel):
    filled: bool


class Marked(Identifier):
    meta: Filled


class SelfLink(BaseModel):
    self: str


class RelationLinks(SelfLink):
    related: str


class Relation(BaseModel, Generic[Data]):
    data: Data
    links: RelationLinks


class Unlinked(BaseModel, Generic[Data]):
    data: Data


class CandidateAttributes(Row):
    internal_id: str
    notes: str
    first_name: str
    last_name: str
    email: str
    country_code: str
    phone: str
    score: float | None
    language: str
    created_at: datetime
    updated_at: datetime


class CandidateRelations(BaseModel):
    references: Relation[list[Identifier]]
    added_by: Relation[Marked]
    reference_requests: Relation[list[Marked]]
    metadatum: Relation[Identifier | None]


class CandidateResource(BaseModel):
    type: str = "Candidate"
    id: UUID
    attributes: CandidateAttributes
    relationships: CandidateRelations
    links: SelfLink


class Reminder(Row):
    next_scheduled_at: datetime | None
    latest_sent_at: datetime | None
    count: int
    count_exceeded: bool
    rate_exceeded: bool


class ReferenceAttributes(Row):
    internal_id: str
    email: str
    created_at: datetime
    first_name: str
    last_name: str
    phone: str
    country_code: str
    is_active: bool
    is_active_hf: bool
    relationship: Annotated[str, Field(validation_alias="relation")]
    corrected_relationship: str
    is_manager: bool
    permission_share_clients: bool | None
    contact_type: str
    permission_share_candidate: bool | None
    language: str
    company_name: str
    is_pending: bool
    filled: bool
    filled_at: datetime | None
    requested_by_id: UUID
    requested_by: str
    score: float | None
    reminder: Reminder
    status: str
    started_on: date | None
    ended_on: date | None
    sent_at: datetime | None
    expires_at: datetime | None
    updated_at: datetime


class ReferenceRelations(BaseModel):
    answer_set: Relation[Identifier | None]
    question_set: Unlinked[list[Identifier]]
    candidate: Relation[Identifier | None]
    metadatum: Relation[Identifier | None]
    reference_request: Relation[Identifier | None]


class ReferenceResource(BaseModel):
    type: str = "Reference"
    id: UUID
    attributes: ReferenceAttributes
    relationships: ReferenceRelations
    links: SelfLink


class Pagination(BaseModel):
    current_page: int
    total_pages: int
    total_entries: int
    page_size: int


class Meta(BaseModel):
    pagination: Pagination


class PageLinks(SelfLink):
    first: str
    prev: str | None
    next: str | None
    last: str


class Version(BaseModel):
    version: str = "1.1"


class Candidates(BaseModel):
    jsonapi: Version = Version()
    data: list[CandidateResource]
    meta: Meta
    links: PageLinks


class CandidatesAndMore(Candidates):
    included: list[ReferenceResource]


def database():
    with Session(engine) as session:
        yield session


def current(
    session: Annotated[Session, Depends(database)], authorization: Annotated[str, Header()] = ""
) -> User:
    try:
        claims = jwt.decode(
            authorization.partition(" ")[2],
            os.environ["JWT_KEYS"].split(",")[0],
            algorithms=["HS256"],
            audience="vitay-api",
            issuer="vitay",
        )
    except jwt.PyJWTError as error:
        raise HTTPException(401) from error
    firm = joinedload(User.recruiter).joinedload(Recruiter.hiring_firm)
    found = select(User).where(
        User.id == UUID(claims["user_id"]), User.session_version == claims["session"]
    )
    user = session.scalars(found.options(firm)).first()
    if claims["token_type"] != "access" or user is None or not user.may_use_api:
        raise HTTPException(401)
    return user


@app.get("/api/v3/candidates")
def candidates(
    request: Request,
    session: Annotated[Session, Depends(database)],
    user: Annotated[User, Depends(current)],
    page: Annotated[int, Query(alias="page[page]", ge=1)] = 1,
    include: str = "",
) -> CandidatesAndMore | Candidates:
    firm = user.recruiter.hiring_firm_id
    own = Candidate.hiring_firm_id == firm
    count = session.scalar(select(func.count()).select_from(Candidate).where(own))
    pages = max(1, -(-count // SIZE))
    included = include == "references"
    references = selectinload(Candidate.references)
    if included:
        references = references.options(
            joinedload(Reference.hiring_firm),
            joinedload(Reference.reference_request),
            joinedload(Reference.recruiter).joinedload(Recruiter.user),
            selectinload(Reference.answer_set),
        )
    else:
        references = references.load_only(Reference.id, Reference.candidate_id)
    requests = selectinload(Candidate.reference_requests)
    rows = session.scalars(
        select(Candidate)
        .where(own)
        .order_by(Candidate.created_at.desc(), Candidate.id.desc())
        .offset((page - 1) * SIZE)
        .limit(SIZE)
        .options(
            references,
            requests,
            with_loader_criteria(Reference, Reference.hiring_firm_id == firm),
            with_loader_criteria(ReferenceRequest, ReferenceRequest.hiring_firm_id == firm),
        )
    ).all()
    base = str(request.base_url).rstrip("/")
    kept = {"include": "references"} if included else {}

    def link(number: int) -> str:
        query = urlencode({**kept, "page[page]": number, "page[page_size]": SIZE})
        return f"{base}{request.url.path}?{query}"

    found = {
        "data": [candidate(each, base) for each in rows],
        "meta": Meta(
            pagination=Pagination(
                current_page=page, total_pages=pages, total_entries=count, page_size=SIZE
            )
        ),
        "links": PageLinks(
            self=str(request.url).replace("[", "%5B").replace("]", "%5D"),
            first=link(1),
            prev=link(page - 1) if page > 1 else None,
            next=link(page + 1) if page < pages else None,
            last=link(pages),
        ),
    }
    if included:
        more = [reference(each, base) for row in rows for each in row.references]
        return CandidatesAndMore(**found, included=more)
    return Candidates(**found)


def related(kind, data, here: str, name: str):
    links = RelationLinks(self=f"{here}/relationships/{name}", related=f"{here}/{name}")
    return kind(data=data, links=links)


def one(kind: str, key: UUID | None) -> Identifier | None:
    return None if key is None else Identifier(type=kind, id=key)


def candidate(row: Candidate, base: str) -> CandidateResource:
    here = f"{base}/api/v3/candidates/{row.id}"
    references = [Identifier(type="Reference", id=each.id) for each in row.references]
    requests = [
        Marked(type="ReferenceRequest", id=each.id, meta=Filled(filled=each.filled))
        for each in row.reference_requests
    ]
    filled = Filled(filled=any(each.filled for each in row.reference_requests))
    added_by = Marked(type="Recruiter", id=row.added_by_id, meta=filled)
    return CandidateResource(
        id=row.id,
        attributes=CandidateAttributes.model_validate(row),
        relationships=CandidateRelations(
            references=related(Relation[list[Identifier]], references, here, "references"),
            added_by=related(Relation[Marked], added_by, here, "added_by"),
            reference_requests=related(
                Relation[list[Marked]], requests, here, "reference_requests"
            ),
            metadatum=linked("Metadatum", row.metadatum_id, here, "metadatum"),
        ),
        links=SelfLink(self=here),
    )


def linked(kind: str, key: UUID | None, here: str, name: str) -> Relation[Identifier | None]:
    return related(Relation[Identifier | None], one(kind, key), here, name)


def reference(row: Reference, base: str) -> ReferenceResource:
    here = f"{base}/api/v1/references/{row.id}"
    answers, request = row.answer_set, row.reference_request
    return ReferenceResource(
        id=row.id,
        attributes=ReferenceAttributes.model_validate(row),
        relationships=ReferenceRelations(
            answer_set=linked("AnswerSet", answers and answers.id, here, "answer_set"),
            question_set=Unlinked[list[Identifier]](
                data=[Identifier(type="QuestionSet", id=request.question_set_id)]
            ),
            candidate=linked("Candidate", row.candidate_id, here, "candidate"),
            metadatum=linked("Metadatum", row.metadatum_id, here, "metadatum"),
            reference_request=linked("ReferenceRequest", request.id, here, "reference_request"),
        ),
        links=SelfLink(self=here),
    )
