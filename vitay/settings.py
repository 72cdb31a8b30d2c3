"""All settings, read from the environment and `.env`. Every variable stands in `.env.example`."""

import logging
import sys
from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


class Env(environ.Env):
    """What can't be read names its setting."""

    def get_value(self, var, *args, **kwargs):
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f"Correct {var}: {error}.") from error


def begins(name: str, value: str, *schemes: str) -> str:
    """An address may hold a password: it is not shown."""
    if value and value.partition("://")[0] not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {'://, '.join(schemes)}://.")
    return value


env = Env()
env.read_env(env("ENV_FILE", default=str(BASE_DIR / ".env")))

DEBUG = env.bool("DEBUG", default=False)
VERSION = "3.7.3"  # of the documented API


def secret(name: str, development: str) -> str:
    """A secret has a default only where DEBUG is on."""
    value = env(name, default=development if DEBUG else "")
    if not value:
        raise ImproperlyConfigured(
            f"Set {name} (a long random string), or DEBUG=1 to try things out."
        )
    return value


def keys(name: str, given: str) -> list[str]:
    """A comma list: the first key signs, all verify, so that keys can be rotated."""
    found = [key for each in given.split(",") if (key := each.strip())]
    if given and not found:
        raise ImproperlyConfigured(f"{name} holds no key, only commas.")
    return found


SECRET_KEY = secret("SECRET_KEY", "development-only-not-a-secret-" + "x" * 32)
LINK_KEYS = keys("LINK_KEYS", secret("LINK_KEYS", "development-only-links-" + SECRET_KEY))
JWT_KEYS = keys("JWT_KEYS", secret("JWT_KEYS", "development-only-tokens-" + SECRET_KEY))
# For the hashes of addresses to remember: the first hashes, all are looked up. Empty: SECRET_KEY.
ADDRESS_KEYS = keys("ADDRESS_KEYS", env("ADDRESS_KEYS", default=""))

# --- where it runs ------------------------------------------------------------------------------
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"VAR_DIR can't be made: {error}.") from error
PUBLIC_URL = env("PUBLIC_URL", default="http://localhost:8000" if DEBUG else "").rstrip("/")
if not PUBLIC_URL:
    raise ImproperlyConfigured("Set PUBLIC_URL, the address of the links in messages.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if DEBUG else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS, the host names this service answers to.")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL])
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
# What the API takes and answers beside the body; a browser hides from programs what isn't named.
CORS_ALLOW_HEADERS = [
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = [
    "Content-Disposition",
    "ETag",
    "Idempotent-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Vitay-Ignored",
    "X-Request-Id",
]
ROOT_URLCONF = "vitay.urls"
WSGI_APPLICATION = "vitay.wsgi.application"
ASGI_APPLICATION = "vitay.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

INSTALLED_APPS = [
    "vitay.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "anymail",
    "axes",
    "corsheaders",
    "csp",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "rest_framework_json_api",
    "apps.staff",
    "apps.jsonapi",
    "apps.links",
    "apps.messaging",
    "apps.activities",
    "apps.metadata",
    "apps.consents",
    "apps.reminders",
    "apps.accounts",
    "apps.firms",
    "apps.recruiters",
    "apps.candidates",
    "apps.questions",
    "apps.references",
    "apps.verifications",
    "apps.answers",
    "apps.billing",
    "apps.documents",
    "apps.analytics",
    "apps.pages",
    "vitay.apps.VitayConfig",
]

MIDDLEWARE = [
    "apps.jsonapi.middleware.RequestIdMiddleware",
    "apps.jsonapi.middleware.ChunkedBodyMiddleware",
    "vitay.health.health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.jsonapi.middleware.ConditionalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- database: SQLite unless DATABASE_URL names another -----------------------------------------
DATABASE_URL = begins(
    "DATABASE_URL", env("DATABASE_URL", default=""), "postgres", "postgresql", "sqlite"
)
DATABASE_TIMEOUT = env.int("DATABASE_TIMEOUT", default=300)  # seconds; migrations have none
if not DATABASE_URL and not DEBUG:
    raise ImproperlyConfigured("Set DATABASE_URL, for example postgres://user:secret@host/vitay.")
if DATABASE_URL:
    DATABASES = {"default": env.db_url("DATABASE_URL")}
    if "postgresql" in DATABASES["default"]["ENGINE"]:
        DATABASES["default"].setdefault("OPTIONS", {})
        DATABASES["default"]["OPTIONS"]["connect_timeout"] = 5
        # One connection a thread, looked at before each request: after PostgreSQL was away no
        # request meets a dead one. psycopg's pool waits longer after each dead one it finds.
        DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_KEEP", default=600)
        DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
        if DATABASE_TIMEOUT:
            DATABASES["default"]["OPTIONS"]["options"] = (
                f"-c statement_timeout={DATABASE_TIMEOUT}s "
                f"-c idle_in_transaction_session_timeout={DATABASE_TIMEOUT}s "
                + DATABASES["default"]["OPTIONS"].get("options", "")  # what DATABASE_URL says wins
            ).strip()
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "vitay.sqlite3",
            "OPTIONS": {
                # IMMEDIATE with WAL: writers wait for each other instead of failing.
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
            },
            # A file, so that live servers and workers of the tests see the same database.
            "TEST": {"NAME": VAR_DIR / "test.sqlite3"},
        }
    }

# --- Redis and Celery: the broker only wakes workers; the messages table is the queue -----------
REDIS_URL = begins("REDIS_URL", env("REDIS_URL", default=""), "redis", "rediss")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# Every sweep commits as it goes, and its next bell goes on where one that was stuck had to end.
CELERY_TASK_TIME_LIMIT = env.int("TASK_TIMEOUT", default=3600)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "America/Toronto"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "global_keyprefix": env("REDIS_PREFIX", default=""),
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 0.1, "socket_connect_timeout": 0.1},
            "KEY_PREFIX": env("REDIS_PREFIX", default=""),
        }
    }
else:
    CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT = "filesystem://localhost", "vitay.bells.Transport"
    for folder in ("bells", "bells-control"):
        (VAR_DIR / folder).mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "bells"),
        "data_folder_out": str(VAR_DIR / "bells"),
        "control_folder": str(VAR_DIR / "bells-control"),
        "polling_interval": 0.2,
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- providers ----------------------------------------------------------------------------------
MAILBOX_DIR = VAR_DIR / "mailbox"
# Where workers find the mailbox: its listener at this port, /dev/twilio at the web's PORT.
MAILBOX_HOST = env("MAILBOX_HOST", default="127.0.0.1")
MAILBOX_SMTP_PORT = env.int("MAILBOX_SMTP_PORT", default=1025)
PROVIDER_TIMEOUT = EMAIL_TIMEOUT = env.int("PROVIDER_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Vitay <references@vitay.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
ANYMAIL = {
    name.removeprefix("ANYMAIL_"): value
    for name, value in env.ENVIRON.items()
    if name.startswith("ANYMAIL_")
} | {"REQUESTS_TIMEOUT": (5, PROVIDER_TIMEOUT)}
EMAIL_URL = begins(
    "EMAIL_URL", env("EMAIL_URL", default=""), "smtp", "smtps", "smtp+tls", "smtp+ssl"
)
MAILBOX = DEBUG and not EMAIL_URL and "anymail" not in EMAIL_BACKEND
if EMAIL_URL:
    vars().update({k: v for k, v in env.email_url("EMAIL_URL").items() if k != "EMAIL_BACKEND"})
elif MAILBOX:
    EMAIL_HOST, EMAIL_PORT = MAILBOX_HOST, MAILBOX_SMTP_PORT
elif "anymail" not in EMAIL_BACKEND:
    raise ImproperlyConfigured("Set EMAIL_URL (smtp://…) or an anymail EMAIL_BACKEND.")

TWILIO_ACCOUNT_SID = env("TWILIO_ACCOUNT_SID", default="ACdevelopment" if DEBUG else "")
TWILIO_AUTH_TOKEN = env("TWILIO_AUTH_TOKEN", default="development" if DEBUG else "")
TWILIO_FROM = env("TWILIO_FROM", default="+15145550100" if DEBUG else "")
# Seam for operators (proxies) and tests; in the embedded default it is our own /dev/twilio.
TWILIO_BASE_URL = env("TWILIO_BASE_URL", default="").rstrip("/")
TEXTS_TO_MAILBOX = DEBUG and not TWILIO_BASE_URL and TWILIO_ACCOUNT_SID == "ACdevelopment"
if TEXTS_TO_MAILBOX:
    TWILIO_BASE_URL = f"http://{MAILBOX_HOST}:{env('PORT', default='8000')}/dev/twilio"
# Sends per second and provider, over all workers; 0 is no limit.
EMAIL_RATE = env.float("EMAIL_RATE", default=0)
SMS_RATE = env.float("SMS_RATE", default=0)
FIRM_EMAIL_RATE = env.float("FIRM_EMAIL_RATE", default=0)
FIRM_SMS_RATE = env.float("FIRM_SMS_RATE", default=0)

# --- people: sign-in ----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "apps.staff.roles.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ONLY_ADMIN_SITE = True
AXES_USERNAME_FORM_FIELD = "username"  # as the admin's form calls it, else nobody is ever locked
AXES_CLIENT_IP_CALLABLE = "apps.jsonapi.throttling.counted_address"
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "admin/locked.html"
# Staff sign in with a second step: a code from their phone.
STAFF_TWO_FACTOR = env.bool("STAFF_TWO_FACTOR", default=not DEBUG)
OTP_TOTP_ISSUER = env("STAFF_TWO_FACTOR_NAME", default="Vitay")
LOGIN_URL = "admin:login"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31_536_000)
# For the other hosts of the domain its owner speaks, not we: the checks that ask for it are silent.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SILENCED_SYSTEM_CHECKS += ["security.W009"]  # ours asks more, of every key: vitay.E001
SECURE_REFERRER_POLICY = "same-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- the API ------------------------------------------------------------------------------------
API_RATE = env.int("API_RATE", default=600)  # requests per minute and user
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576  # a request body; logos have a bound of their own
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # more than any upload that is taken
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.authentication.BearerAuthentication",
        "apps.links.authentication.LinkAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "apps.jsonapi.negotiation.ContentNegotiation",
    "DEFAULT_PARSER_CLASSES": [
        "apps.jsonapi.parsers.DocumentedParser",
        "apps.jsonapi.parsers.JSONAPIParser",
    ],
    "DEFAULT_RENDERER_CLASSES": [
        "apps.jsonapi.renderers.DocumentedRenderer",
        "apps.jsonapi.renderers.JSONAPIRenderer",
    ],
    "DEFAULT_PAGINATION_CLASS": "apps.jsonapi.pagination.Pagination",
    "SCHEMA_COERCE_PATH_PK": False,
    "DEFAULT_SCHEMA_CLASS": "apps.jsonapi.schema.Schema",
    "EXCEPTION_HANDLER": "apps.jsonapi.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["apps.jsonapi.throttling.UserThrottle"],
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.MultiPartRenderer",
    ],
    "DATETIME_FORMAT": "iso-8601",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
JSON_API_FORMAT_FIELD_NAMES = False
JSON_API_FORMAT_TYPES = False
JSON_API_PLURALIZE_TYPES = False
SPECTACULAR_SETTINGS = {
    "TITLE": "Vitay API",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api",
    "POSTPROCESSING_HOOKS": ["vitay.openapi.finished"],
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "docExpansion": "none",  # all 171 operations at once take seconds to draw
        "persistAuthorization": True,
    },
}

# --- language, time, files ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
USE_I18N = USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "vitay" / "locale"]  # before what Django and its libraries say
TIME_ZONE = "America/Toronto"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {
        "BACKEND": env("STORAGE_BACKEND", default="django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json("STORAGE_OPTIONS", default={}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# --- operating it -------------------------------------------------------------------------------
METRICS_TOKEN = env("METRICS_TOKEN", default="")
SENTRY_DSN = env("SENTRY_DSN", default="")
LOG_LEVEL = env("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in logging.getLevelNamesMapping():
    raise ImproperlyConfigured("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
SUPPORT_EMAIL = env("SUPPORT_EMAIL", default="help@vitay.example")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "redact": {"()": "vitay.logs.Redact"},
        "not_ours": {"()": "vitay.logs.NotOurs"},
    },
    "formatters": {"json": {"()": "vitay.logs.JSONFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "json",
            "filters": ["redact"],
        },
        "refused": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "json",
            "filters": ["not_ours", "redact"],
        },
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security": {"handlers": ["refused"], "propagate": False},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
DEFAULT_PHONE_REGION = env("DEFAULT_PHONE_REGION", default="CA")
# The outbox, in seconds: how long a worker may hold a row, how long an unknown outcome settles,
# how long it waits after the first failure.
OUTBOX_LEASE = env.int("OUTBOX_LEASE", default=180)
OUTBOX_SETTLE = env.int("OUTBOX_SETTLE", default=60)
OUTBOX_BACKOFF = env.float("OUTBOX_BACKOFF", default=30)

# --- billing: who bills, and for what ------------------------------------------------------------
SELLER = {
    "name": env("SELLER_NAME", default="Vitay inc."),
    "address": env("SELLER_ADDRESS", default=""),
    "email": env("SELLER_EMAIL", default=SUPPORT_EMAIL),
    "gst_number": env("GST_NUMBER", default=""),
    "qst_number": env("QST_NUMBER", default=""),
}
# What is used: its words on the invoice, and its price in cents.
PRICES = {
    "reference": (
        "References answered",
        "Références obtenues",
        env.int("PRICE_REFERENCE", default=900),
    ),
    "verification": (
        "Verifications answered",
        "Vérifications obtenues",
        env.int("PRICE_VERIFICATION", default=1200),
    ),
    "text": ("Text messages sent", "Textos envoyés", env.int("PRICE_TEXT", default=5)),
}
