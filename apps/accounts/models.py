"""Who signs in: users, their tokens' version, and password resets."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from apps.accounts.tokens import SESSION_CLAIM
from apps.activities.models import Activity
from apps.jsonapi.resources import Resource, assign
from apps.links.tokens import Purpose, sign, url
from apps.messaging import outbox
from apps.messaging.models import Message
from apps.messaging.people import Person

LONGEST_PASSWORD = 128


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields):
        fields = {"first_name": "Staff", "last_name": "Vitay"} | fields
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    @transaction.atomic
    def invite_staff(self, by: "User", user: "User") -> "User":
        """A colleague of ours, who gets an email to choose a password."""
        user.is_staff = True
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save()
        Activity.record(by, "user.create", user)
        PasswordReset.objects.request(user, welcome=True)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=(email or "").strip().lower())

    def signed_in_by(self, claims: dict) -> "User | None":
        """The user of a token, while the session it belongs to stands."""
        session = {"pk": claims.get("user_id"), "session_version": claims.get(SESSION_CLAIM)}
        try:
            user = self.select_related("recruiter__hiring_firm").get(**session)
        except self.model.DoesNotExist:
            return None
        return user if user.may_use_api else None


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everyone sees themselves; a root recruiter, the users of the firm."""
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        if recruiter.is_root:
            return self.filter(recruiter__hiring_firm_id=recruiter.hiring_firm_id)
        return self.filter(pk=user.pk)


class User(Person, AbstractBaseUser, PermissionsMixin, Resource):
    email = models.EmailField(
        unique=True, error_messages={"unique": _("This email can't be used.")}
    )
    first_name = models.CharField(
        max_length=100, blank=True, validators=Person._meta.get_field("first_name").validators
    )
    last_name = models.CharField(
        max_length=100, blank=True, validators=Person._meta.get_field("last_name").validators
    )
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    session_version = models.PositiveIntegerField(default=1)  # raised: every token ends

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self):
        return self.email

    def get_full_name(self):
        return self.full_name

    @property
    def full_name(self):
        return super().full_name or self.email.partition("@")[0]

    @property
    def may_use_api(self) -> bool:
        """An active recruiter of an active firm. Staff work in the admin."""
        recruiter = getattr(self, "recruiter", None)
        return self.is_active and recruiter is not None and recruiter.may_work

    @property
    def hiring_firm(self):
        recruiter = getattr(self, "recruiter", None)
        return recruiter.hiring_firm if recruiter else None

    @property
    def hiring_firm_id(self):
        firm = self.hiring_firm
        return firm.pk if firm else None

    def create(self) -> "User":
        """Somebody new, who has yet to choose a password. A taken email is refused in one way."""
        self.set_unusable_password()
        self.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
        self._save_unless_taken(force_insert=True)
        return self

    def _save_unless_taken(self, **how) -> None:
        try:  # only the database knows of whoever takes it at this moment
            with transaction.atomic():
                self.save(**how)
        except IntegrityError as error:
            taken = ValidationError(_("This email can't be used."), code="email_unavailable")
            raise ValidationError({"email": taken}) from error

    @transaction.atomic
    def change(self, by, **fields) -> None:
        """Names, phone and language. The email signs in, and stays once there is a password.

        Until then a root recruiter or staff corrects it: the invitation goes to the new address.
        """
        self.lock()
        unchecked = {"validate_unique": False, "validate_constraints": False}
        changed = assign(self, fields, exclude=["password"], **unchecked)
        moved = "email" in changed
        if moved and (self.has_usable_password() or not (isinstance(by, User) or by.is_root)):
            words = _("Who has chosen a password signs in with this email: it stays.")
            if not self.has_usable_password():
                words = _("Only a root recruiter corrects the email of an invitation.")
            raise ValidationError({"email": ValidationError(words, code="locked")})
        if changed:
            self._save_unless_taken()
            Activity.record(by, "user.update", self, changed=changed)
        if moved:
            self.password_resets.filter(used_at=None).update(expires_at=timezone.now())
            PasswordReset.objects.request(self, welcome=True)

    @transaction.atomic
    def set_active(self, by, *, active: bool) -> None:
        """Let somebody sign in, or shut them out at once. Nobody shuts out themselves."""
        if not active and by.pk == self.pk:
            raise ValidationError(_("You can't deactivate yourself."), code="not_allowed")
        self.is_active = active
        self.save(update_fields=["is_active", "updated_at"])
        if not active:
            self.end_sessions()
        Activity.record(by, "user.activate" if active else "user.deactivate", self)

    @transaction.atomic
    def sign_out_everywhere(self, by) -> None:
        self.end_sessions()
        Activity.record(by, "user.sign_out", self)

    def record_roles(self, by, roles) -> None:
        Activity.record(by, "user.roles", self, roles=sorted(role.name for role in roles))

    def _get_session_auth_hash(self, secret=None):
        # Staff's sessions end with the tokens of the same version.
        salt = "apps.accounts.models.User.session"
        about = f"{self.password}|{self.session_version}"
        return salted_hmac(salt, about, secret=secret, algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        """Every token and every session begun so far ends."""
        type(self).objects.filter(pk=self.pk).update(
            session_version=models.F("session_version") + 1
        )
        self.refresh_from_db(fields=["session_version"])

    @transaction.atomic
    def change_password(self, password: str) -> None:
        """A new password ends all tokens and all resets. ValidationError on `password`."""
        try:
            validate_password(password, self)
        except ValidationError as error:
            raise ValidationError(
                {"password": ValidationError(error.messages, code="invalid")}
            ) from error
        self.set_password(password)
        self.save(update_fields=["password", "updated_at"])
        self.end_sessions()
        self.password_resets.filter(used_at=None).update(used_at=timezone.now())
        Activity.record(self, "user.password", self)
        outbox.send(
            "password_changed",
            to=self,
            about=self,
            ordinal=self.session_version,
            language=self.language,
        )

    def wants(self, message: Message) -> bool:
        return self.is_active

    def message_context(self, message: Message) -> dict:
        firm = self.hiring_firm
        return (firm.message_context() if firm else {}) | {"link": "", "recruiter_name": ""}

    def message_changed(self, message: Message) -> None:
        """Nobody else is told: the address is the user's own."""


class PasswordResetManager(models.Manager):
    @transaction.atomic
    def request(self, user: User, *, welcome: bool = False) -> "PasswordReset":
        """A new secret by email; earlier ones stay good until one is used."""
        life = PasswordReset.WELCOME_LIFE if welcome else PasswordReset.LIFE
        reset = self.create(user=user, expires_at=timezone.now() + life)
        kind = "recruiter_welcome" if welcome else "password_reset"
        outbox.send(kind, to=user, about=reset, language=user.language)
        return reset


class PasswordReset(Resource):
    """One request for a new password. Its id does nothing; the secret goes only by email."""

    LIFE = timedelta(hours=1)
    WELCOME_LIFE = timedelta(days=7)

    user = models.ForeignKey(User, models.CASCADE, related_name="password_resets")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1)

    objects = PasswordResetManager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self):
        return str(self.pk)

    @property
    def hiring_firm(self):
        return self.user.hiring_firm

    @property
    def link_is_live(self) -> bool:
        return self.used_at is None and timezone.now() < self.expires_at and self.user.is_active

    @property
    def reset_key(self) -> str:
        return sign(Purpose.PASSWORD, self)

    @transaction.atomic
    def use(self, password: str) -> None:
        """Set the password, once: two uses at the same time make one change, also of two keys."""
        self.user.lock()
        now, mine = timezone.now(), type(self).objects.filter(pk=self.pk)
        taken = mine.filter(used_at=None, expires_at__gt=now).update(used_at=now)
        if not taken:
            raise ValidationError(
                {
                    "reset_key": ValidationError(
                        _("This key has been used or has ended."), code="reset_key_invalid"
                    )
                }
            )
        self.user.change_password(password)

    def wants(self, message: Message) -> bool:
        return self.link_is_live

    def message_context(self, message: Message) -> dict:
        return self.user.message_context(message) | {
            "link": url(Purpose.PASSWORD, self),
            "reset_key": self.reset_key,
            "hours": int((self.expires_at - self.created_at).total_seconds() // 3600),
        }

    def message_changed(self, message: Message) -> None:
        """Nobody else is told: the address is the user's own."""
