"""Django settings. Every one that an operator may set is read from the environment here and
described in docs/reference/settings.md; nothing else in the code reads the environment for it.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("STEPWELL_DATA") or BASE_DIR / "var").resolve()


def _secret_keys() -> list[str]:
    """The keys, the newest first: the environment's, or those that the data folder keeps."""
    if key := os.environ.get("STEPWELL_SECRET_KEY"):
        older = os.environ.get("STEPWELL_SECRET_KEY_FALLBACKS", "").split(",")
        return [key, *(each for each in older if each)]
    kept = DATA_DIR / "secret.key"
    if kept.is_file():
        return kept.read_text().split()
    # Commands that store nothing (makemigrations --check, spectacular) need no secret.
    return ["insecure-no-data-folder-yet"]


def _database(url: str) -> dict[str, Any]:
    """A PostgreSQL URL as Django's settings; a ``host`` query parameter names a socket folder."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or (str(parts.port) if parts.port else ""),
        "OPTIONS": query,
    }


def _days_by_status(text: str) -> dict[str, int]:
    """``SUCCEEDED=30,FAILED=400`` as a dictionary."""
    statuses = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
    days = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        status, _, number = part.partition("=")
        if status not in statuses or not number.isdecimal():
            raise ImproperlyConfigured(
                f"STEPWELL_RETENTION_DAYS_BY_STATUS has {part!r}; it takes STATUS=DAYS with commas "
                f"between them, where STATUS is one of {', '.join(statuses)}."
            )
        days[status] = int(number)
    return days


_ROLES = ("viewer", "editor", "reviewer", "operator", "admin")


def _issuer(address: str) -> str:
    """The address of an OpenID provider as it is given: it is compared letter by letter."""
    parts = urlsplit(address)
    is_near = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if address and not (parts.scheme == "https" or (parts.scheme == "http" and is_near)):
        raise ImproperlyConfigured(
            f"STEPWELL_OIDC_ISSUER is {address!r}; it takes the https:// address that the provider "
            "calls its issuer."
        )
    return address


def _role(name: str, role: str) -> str:
    if role and role not in _ROLES:
        raise ImproperlyConfigured(f"{name} has the role {role!r}; there are {', '.join(_ROLES)}.")
    return role


def _roles_by_group(text: str) -> tuple[tuple[str, str, str], ...]:
    """``GROUP=ROLE; GROUP=WORKSPACE/ROLE`` as (group, workspace's slug or "", role), in order."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(";"))):
        group, equals, given = part.rpartition("=")
        slug, _, role = given.strip().rpartition("/")
        if not (equals and group.strip() and role):
            raise ImproperlyConfigured(
                f"STEPWELL_OIDC_ROLES has {part!r}; it takes GROUP=ROLE, or GROUP=WORKSPACE/ROLE, "
                "with semicolons between them."
            )
        found.append((group.strip(), slug, _role("STEPWELL_OIDC_ROLES", role)))
    return tuple(found)


SECRET_KEY, *SECRET_KEY_FALLBACKS = _secret_keys()
DEBUG = os.environ.get("STEPWELL_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("STEPWELL_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [
    origin for origin in os.environ.get("STEPWELL_TRUSTED_ORIGINS", "").split(",") if origin
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "studio",
    "executions",
    # Behind studio, so that the audit trail hears of a failure before it has consequences.
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "studio.middleware.security_headers.security_headers_middleware",
    "studio.middleware.static_files.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "studio.middleware.session_age.SessionAgeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "studio.middleware.access.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "studio.middleware.redaction.redaction_middleware",
    "studio.middleware.acting.acting_middleware",
    "axes.middleware.AxesMiddleware",
]

PUBLIC_URL = os.environ.get("STEPWELL_PUBLIC_URL", "").rstrip("/") or (
    f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
)
"""Where people reach the pages; links in mails, and in what webhooks are told, begin with it."""

ROOT_URLCONF = "studio.config.urls"
ASGI_APPLICATION = "studio.config.asgi.application"
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

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://stepwell@localhost/stepwell")
DATABASES = {"default": _database(DATABASE_URL)}
PROCESS = os.environ.get("STEPWELL_PROCESS", "")
if PROCESS == "web":
    # Under ASGI Django's sync code runs in fresh threads, each of which would open a connection.
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 2,
        "max_size": int(os.environ.get("STEPWELL_WEB_CONNECTIONS", "20")),
    }
else:
    # A worker slot keeps its connection; one that PostgreSQL dropped is noticed and replaced.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# The loop's statements are the same all day: planned once a connection, not at each turn.
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 3
# What is prepared asks by unique ids and names: planning anew for each value costs more than the
# answer. Django's own queries carry their values in the text and are planned as ever.
PLANNING = ["plan_cache_mode=force_generic_plan"] if PROCESS else []
if PROCESS not in ("", "web"):
    # Every statement of a worker finds few rows by an index. A plan made while a table was small
    # must not read all of it when it has grown, so other plans are not considered.
    PLANNING += ["jit=off", "enable_seqscan=off", "enable_hashjoin=off", "enable_mergejoin=off"]
if PLANNING:
    # Those that DATABASE_URL has come last, and win.
    DATABASES["default"]["OPTIONS"]["options"] = " ".join(
        [
            *(f"-c {setting}" for setting in PLANNING),
            DATABASES["default"]["OPTIONS"].get("options", ""),
        ]
    ).rstrip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "stepwell"},
    }
}

# The module that makes the Celery application; imported when the applications are ready, because
# a process that never did would send its hints to a broker of Celery's own choosing.
TASK_APPLICATION = "studio.config.celery"
# Celery (namespace CELERY_). A message is a hint that is never needed.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_TIME_LIMIT = 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60, "socket_timeout": 5}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "turns"
CELERY_TASK_ROUTES = {
    "executions.tasks.drain_executions": {"queue": "turns"},
    "executions.tasks.drain_tasks": {"queue": "tasks"},
    "executions.tasks.run_express": {"queue": "tasks"},
    "executions.tasks.run_replays": {"queue": "tasks"},
    "executions.tasks.work_for_reviews": {"queue": "tasks"},
    "executions.tasks.drain_map_runs": {"queue": "tasks"},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First: a request with a token is the token's, and no cookie's.
        "studio.rest.bearer.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["studio.rest.access.DeclaredPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "studio.rest.errors.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Stepwell",
    "DESCRIPTION": "The API of Stepwell's own pages. Programs use the AWS Step Functions API.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
}

OIDC_ISSUER = _issuer(os.environ.get("STEPWELL_OIDC_ISSUER", ""))
"""The OpenID provider where people sign in; nothing: there is none."""
OIDC_CLIENT_ID = os.environ.get("STEPWELL_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("STEPWELL_OIDC_CLIENT_SECRET", "")
OIDC_SCOPES = os.environ.get("STEPWELL_OIDC_SCOPES", "openid profile email")
OIDC_NAME = os.environ.get("STEPWELL_OIDC_NAME", "") or "single sign-on"
"""What people know it as: "Sign in with NAME"."""
OIDC_USERNAME_CLAIM = os.environ.get("STEPWELL_OIDC_USERNAME_CLAIM", "preferred_username")
OIDC_GROUPS_CLAIM = os.environ.get("STEPWELL_OIDC_GROUPS_CLAIM", "")
OIDC_ROLES = _roles_by_group(os.environ.get("STEPWELL_OIDC_ROLES", ""))
"""Which groups have which role, where: ``studio.actions.identities``."""
OIDC_DEFAULT_ROLE = _role(
    "STEPWELL_OIDC_DEFAULT_ROLE", os.environ.get("STEPWELL_OIDC_DEFAULT_ROLE", "")
)
PASSWORDS = os.environ.get("STEPWELL_PASSWORDS", "1") != "0"
"""Whether people may sign in with a password of Stepwell's own."""
if OIDC_ISSUER and not OIDC_CLIENT_ID:
    raise ImproperlyConfigured("STEPWELL_OIDC_ISSUER needs STEPWELL_OIDC_CLIENT_ID beside it.")
if OIDC_ISSUER and "openid" not in OIDC_SCOPES.split():
    raise ImproperlyConfigured("STEPWELL_OIDC_SCOPES needs 'openid' among the scopes.")
if OIDC_ROLES and not OIDC_GROUPS_CLAIM:
    raise ImproperlyConfigured("STEPWELL_OIDC_ROLES needs STEPWELL_OIDC_GROUPS_CLAIM beside it.")
if not PASSWORDS and not OIDC_ISSUER:
    raise ImproperlyConfigured(
        "STEPWELL_PASSWORDS=0 without STEPWELL_OIDC_ISSUER would leave no way to sign in."
    )

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    # A session is good while the backend that it came by is here: of passwords, or of the provider.
    *(["django.contrib.auth.backends.ModelBackend"] if PASSWORDS else []),
    *(["studio.actions.identities.LinkedAccounts"] if OIDC_ISSUER else []),
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
# Attempts to sign in are counted in PostgreSQL, by account and by address, each by itself.
AXES_FAILURE_LIMIT = int(os.environ.get("STEPWELL_SIGN_IN_FAILURES", "10"))
AXES_COOLOFF_TIME = timedelta(minutes=float(os.environ.get("STEPWELL_SIGN_IN_MINUTES", "15")))
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_LOCKOUT_CALLABLE = "studio.views.too_many_attempts"
AXES_RESET_ON_SUCCESS = True
# Whoever knows a name must not keep its owner out for ever by trying on.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# The audit trail has who signed in, and when.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
# Several installations on one host (other ports) must not sign each other out.
SESSION_COOKIE_NAME = f"stepwell_session_{os.environ.get('PORT', '8000')}"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_HOURS = float(os.environ.get("STEPWELL_SESSION_HOURS", "12"))
"""For how long somebody stays signed in, whatever they do: ``studio.actions.sessions``."""
SESSION_IDLE_MINUTES = float(os.environ.get("STEPWELL_SESSION_IDLE_MINUTES", "120"))
"""For how long somebody stays signed in who does nothing; 0: as long as anybody."""
if SESSION_HOURS <= 0 or SESSION_IDLE_MINUTES < 0:
    raise ImproperlyConfigured("STEPWELL_SESSION_HOURS and …_IDLE_MINUTES are times to come.")
SESSION_COOKIE_AGE = int(SESSION_HOURS * 3600)
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
HTTPS = os.environ.get("STEPWELL_HTTPS", "") == "1"
if HTTPS:
    # Browsers keep a cookie of this name for exactly this host, and send it over TLS alone.
    SESSION_COOKIE_NAME = f"__Host-{SESSION_COOKIE_NAME}"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    # What asks whether the process lives asks it directly.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # To be on the browsers' own lists is for the owner of the domain to decide.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# The bundle is served from where Vite builds it; nothing is collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "studio.credential_log.CredentialFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("STEPWELL_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        # The audit trail says who signed in and who did not.
        "axes": {"level": "WARNING"},
        # It would write down what proves that a sign-in was begun here.
        "authlib": {"level": "WARNING"},
    },
}

# --- Stepwell's own ------------------------------------------------------------------------------

AWS_ACCOUNT_ID = os.environ.get("AWS_ACCOUNT_ID", "123456789012")
AWS_REGION = os.environ.get("AWS_REGION", "us-east-1")

FUNCTION_FOLDERS = [
    Path(folder).resolve()
    for folder in os.environ.get("STEPWELL_FUNCTIONS", "").split(os.pathsep)
    if folder
]
FILES_DIR = DATA_DIR / "files"
OBJECTS = os.environ.get("STEPWELL_OBJECTS", "")
UNKNOWN_ROLES = os.environ.get("STEPWELL_UNKNOWN_ROLES", "allow")
if UNKNOWN_ROLES not in ("allow", "refuse"):
    raise ImproperlyConfigured("STEPWELL_UNKNOWN_ROLES must be allow or refuse")
"""Where the objects of distributed Maps are: a folder, "s3", or nothing: what is configured."""

EVENT_LOG = os.environ.get("STEPWELL_EVENT_LOG") or str(DATA_DIR / "log" / "executions")
"""The folder of log events, a file for each log group; "-" is standard output; "cloudwatch" is
CloudWatch Logs."""
EVENT_LOG_BYTES = int(os.environ.get("STEPWELL_EVENT_LOG_BYTES", "100000000"))
"""From what size on such a file is rotated; 0: never."""
EVENT_LOG_FILES = int(os.environ.get("STEPWELL_EVENT_LOG_FILES", "10"))
"""How many of its rotated files are kept."""

INTEGRATIONS_FILE = os.environ.get("STEPWELL_INTEGRATIONS") or str(DATA_DIR / "integrations.toml")
"""What Tasks may reach beyond AWS: databases, the mail server, Celery applications."""

QUOTAS = os.environ.get("STEPWELL_QUOTAS", "off")
"""How often the operations of the API may be called, and states be entered: ``studio.quotas``."""

SENSITIVE = frozenset(
    name.strip().lower()
    for name in os.environ.get("STEPWELL_SENSITIVE", "").split(",")
    if name.strip()
)
"""Keys whose values are hidden from those who may not see them: ``studio.redaction``."""
AUDIT_STARTS = os.environ.get("STEPWELL_AUDIT_STARTS", "") == "1"
"""Whether the audit trail has what programs start, too, and not only what people start."""

TURN_EVENTS = int(os.environ.get("STEPWELL_TURN_EVENTS", "1000"))
"""How many history events one execution may add before its turn is committed."""
FIRST_TURN_EVENTS = int(os.environ.get("STEPWELL_FIRST_TURN_EVENTS", "100"))
"""How far StartExecution itself takes an execution; 0: only workers advance any."""
TURN_EXECUTIONS = int(os.environ.get("STEPWELL_TURN_EXECUTIONS", "32"))
"""How many executions may share one commit."""
TASK_LEASE_SECONDS = float(os.environ.get("STEPWELL_TASK_LEASE_SECONDS", "10"))
"""For how long a worker that says nothing is believed to be alive."""
POLL_SECONDS = float(os.environ.get("STEPWELL_POLL_SECONDS", "0.5"))
"""How often a worker looks for what a lost hint did not tell it."""
ACTIVITY_POLL_SECONDS = float(os.environ.get("STEPWELL_ACTIVITY_POLL_SECONDS", "60"))
"""For how long GetActivityTask waits for a task."""
RETENTION_DAYS = int(os.environ.get("STEPWELL_RETENTION_DAYS", "90"))
"""After how many days an execution that has ended is removed; 0 keeps all."""
RETENTION_DAYS_BY_STATUS = _days_by_status(os.environ.get("STEPWELL_RETENTION_DAYS_BY_STATUS", ""))
"""The same for those that ended in one way, by status."""

NESTING_LIMIT = int(os.environ.get("STEPWELL_NESTING_LIMIT", "50"))
"""How many executions may wait for one another, each for one that it started."""

EXPRESS_PROCESSES = int(os.environ.get("STEPWELL_EXPRESS_PROCESSES", "2"))
"""How many processes of its own the web server may have for StartSyncExecution."""
EXPRESS_EXECUTIONS = int(os.environ.get("STEPWELL_EXPRESS_EXECUTIONS", "256"))
"""How many Express executions one process may run at once."""
HTTP_ALLOW = os.environ.get("STEPWELL_HTTP_ALLOW", "").split(",")
"""Networks and names that HTTP Tasks may call although they are not on the public internet."""
STATE_TESTS = int(os.environ.get("STEPWELL_STATE_TESTS", "32"))
"""How many Tasks the web server may perform at once for TestState."""
REHEARSALS = int(os.environ.get("STEPWELL_REHEARSALS", "2"))
"""How many tests of workflows and replays a process of the server may have run at once."""
REHEARSAL_SECONDS = float(os.environ.get("STEPWELL_REHEARSAL_SECONDS", "10"))
"""How long one of them may take."""
REHEARSAL_MEGABYTES = int(os.environ.get("STEPWELL_REHEARSAL_MEGABYTES", "512"))
"""How much memory one of them may have."""
EVENT_BUS = os.environ.get("STEPWELL_EVENT_BUS", "")
"""The event bus that hears of changes of executions' statuses; nothing: none."""
EVENT_SOURCE = os.environ.get("STEPWELL_EVENT_SOURCE", "aws.states")
"""What they come from there."""
EVENT_RETENTION_DAYS = int(os.environ.get("STEPWELL_EVENT_RETENTION_DAYS", "14"))
"""For how many days events, and what became of them, are kept; 0 keeps all."""
LOG_GROUP_IS_THERE = "executions.runtime.log_groups.is_there"
"""What says whether the log group of a state machine exists."""
EVENT_HOPS = int(os.environ.get("STEPWELL_EVENT_HOPS", "5"))
"""How many executions in a row may be started by an event that tells of the one before."""
ENDPOINT_RATE = os.environ.get("STEPWELL_ENDPOINT_RATE", "100/20")
"""How many calls one HTTP endpoint takes at once, and how many a second after that."""

MAIL_FROM = os.environ.get("STEPWELL_MAIL_FROM", "")
"""The sender of mails about proposals; without one no mails are sent."""
EMAIL_HOST = os.environ.get("STEPWELL_MAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("STEPWELL_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("STEPWELL_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("STEPWELL_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("STEPWELL_MAIL_SECURITY", "") == "starttls"
EMAIL_USE_SSL = os.environ.get("STEPWELL_MAIL_SECURITY", "") == "tls"
EMAIL_TIMEOUT = 30

# What is tried of every push of a proposal, and who tells the workers: the studio knows neither
# executions nor workers. See studio.actions.proposals.checks.
REVIEW_CHECKS = {
    "TESTS": "executions.actions.proposal_checks.try_tests",
    "WHAT_IF": "executions.actions.proposal_checks.try_what_if",
}
REVIEW_WORK_WAITS = "executions.runtime.hints.review_work_waits"
# What is saved beside a definition and compared with it: see studio.actions.surroundings.
SAVED_BESIDE = "executions.actions.surroundings.tests_and_mocks"

MAX_DEFINITION_BYTES = 1024 * 1024
MAX_INPUT_BYTES = 256 * 1024
