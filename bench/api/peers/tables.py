"""The columns that the list reads, for SQLAlchemy."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from apps.messaging import clock


class Table(DeclarativeBase):
    id: Mapped[UUID] = mapped_column(primary_key=True)


class Firm(Table):
    __tablename__ = "firms_hiringfirm"
    is_active: Mapped[bool]
    deleted_at: Mapped[datetime | None]
    time_zone: Mapped[str]
    reminder_interval_days: Mapped[int]
    reminders_skip_weekends: Mapped[bool]
    max_automatic_reminders: Mapped[int]


class User(Table):
    __tablename__ = "accounts_user"
    first_name: Mapped[str]
    last_name: Mapped[str]
    is_active: Mapped[bool]
    session_version: Mapped[int]
    recruiter: Mapped["Recruiter"] = relationship(back_populates="user")

    @property
    def may_use_api(self) -> bool:
        recruiter = self.recruiter
        return self.is_active and recruiter is not None and recruiter.may_work


class Recruiter(Table):
    __tablename__ = "recruiters_recruiter"
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    hiring_firm_id: Mapped[UUID] = mapped_column(ForeignKey(Firm.id))
    is_active: Mapped[bool]
    is_active_hf: Mapped[bool]
    user: Mapped[User] = relationship(back_populates="recruiter")
    hiring_firm: Mapped[Firm] = relationship()

    @property
    def may_work(self) -> bool:
        firm = self.hiring_firm
        open_ = firm.is_active and firm.deleted_at is None
        return self.is_active and self.is_active_hf and open_


class Candidate(Table):
    __tablename__ = "candidates_candidate"
    hiring_firm_id: Mapped[UUID] = mapped_column(ForeignKey(Firm.id))
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey(Recruiter.id))
    metadatum_id: Mapped[UUID | None]
    internal_id: Mapped[str]
    notes: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str]
    country_code: Mapped[str]
    phone: Mapped[str]
    score: Mapped[Decimal | None]
    language: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    references: Mapped[list["Reference"]] = relationship(
        order_by="Reference.created_at.desc(), Reference.id.desc()"
    )
    reference_requests: Mapped[list["ReferenceRequest"]] = relationship(
        order_by="ReferenceRequest.created_at.desc(), ReferenceRequest.id.desc()"
    )


class ReferenceRequest(Table):
    __tablename__ = "references_referencerequest"
    hiring_firm_id: Mapped[UUID]
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey(Candidate.id))
    question_set_id: Mapped[UUID]
    filled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def filled(self) -> bool:
        return self.filled_at is not None


class Reference(Table):
    __tablename__ = "references_reference"
    hiring_firm_id: Mapped[UUID] = mapped_column(ForeignKey(Firm.id))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey(Candidate.id))
    reference_request_id: Mapped[UUID] = mapped_column(ForeignKey(ReferenceRequest.id))
    requested_by_id: Mapped[UUID] = mapped_column(ForeignKey(Recruiter.id))
    metadatum_id: Mapped[UUID | None]
    internal_id: Mapped[str]
    email: Mapped[str]
    created_at: Mapped[datetime]
    first_name: Mapped[str]
    last_name: Mapped[str]
    phone: Mapped[str]
    country_code: Mapped[str]
    is_active: Mapped[bool]
    is_active_hf: Mapped[bool]
    relation: Mapped[str] = mapped_column("relationship")
    corrected_relationship: Mapped[str]
    is_manager: Mapped[bool]
    permission_share_clients: Mapped[bool | None]
    permission_share_candidate: Mapped[bool | None]
    contact_type: Mapped[str]
    language: Mapped[str]
    company_name: Mapped[str]
    status: Mapped[str]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    sent_at: Mapped[datetime | None]
    filled_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    score: Mapped[Decimal | None]
    last_written_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    reminder_count: Mapped[int]
    automatic_reminder_count: Mapped[int]
    hiring_firm: Mapped[Firm] = relationship()
    reference_request: Mapped[ReferenceRequest] = relationship()
    recruiter: Mapped[Recruiter] = relationship()
    answer_set: Mapped["AnswerSet | None"] = relationship(uselist=False)

    @property
    def is_pending(self) -> bool:
        return self.status == "pending_review"

    @property
    def filled(self) -> bool:
        return self.status == "filled"

    @property
    def requested_by(self) -> str:
        user = self.recruiter.user
        return f"{user.first_name} {user.last_name}".strip()

    @property
    def reminder(self) -> dict:
        now, written = datetime.now(UTC), self.last_written_at
        return {
            "next_scheduled_at": self.next_scheduled_at(now),
            "latest_sent_at": self.reminded_at,
            "count": self.reminder_count,
            "count_exceeded": self.reminder_count >= 5,
            "rate_exceeded": written is not None and written + timedelta(hours=24) > now,
        }

    def next_scheduled_at(self, now: datetime) -> datetime | None:
        firm, ends = self.hiring_firm, self.expires_at
        waiting = self.status in ("sent", "opened", "started") and (ends is None or now < ends)
        if (
            not waiting
            or not self.is_active
            or not self.is_active_hf
            or self.last_written_at is None
            or self.reminder_count >= 5
            or self.automatic_reminder_count >= firm.max_automatic_reminders
        ):
            return None
        phone = f"+{self.country_code}{self.phone}" if self.phone else ""
        at = clock.next_reminder_time(
            self.last_written_at + timedelta(days=firm.reminder_interval_days),
            clock.zone_of(phone, firm.time_zone),
            skip_weekends=firm.reminders_skip_weekends,
        )
        return at.astimezone(UTC) if ends is None or at < ends else None


class AnswerSet(Table):
    __tablename__ = "answers_answerset"
    reference_id: Mapped[UUID] = mapped_column(ForeignKey(Reference.id))
