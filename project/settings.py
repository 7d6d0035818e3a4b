"""Every setting, read once from a typed environment. docs/settings.md lists them; a test keeps the list true."""

import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, validate

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where this runs ---------------------------------------------------------------------------------------------
RECKONER_ENV = env.str(
    "RECKONER_ENV",
    "development",
    validate=validate.OneOf(("development", "production")),
)
PRODUCTION = RECKONER_ENV == "production"
VAR_DIR = Path(env.str("RECKONER_VAR", str(BASE_DIR / "var"))).absolute()
DEBUG = env.bool("DEBUG", False)


def _secret_key() -> str:
    """The key from the environment; in development one made on first use and kept readable by its owner only."""
    if key := env.str("SECRET_KEY", ""):
        return key
    if PRODUCTION:
        raise ImproperlyConfigured("SECRET_KEY: it is empty; production needs a long random text of its own")
    path = VAR_DIR / "secret_key"
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass  # another process of ours made it first
    return path.read_text()


SECRET_KEY = _secret_key()
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [] if PRODUCTION else LOOPBACK)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# --- What Reckoner does ------------------------------------------------------------------------------------------
RESOLUTION_REQUIRES_SECOND_EDITOR = env.bool("RESOLUTION_REQUIRES_SECOND_EDITOR", True)
BY_YEAR_MEANS = env.str("BY_YEAR_MEANS", "end", validate=validate.OneOf(("end", "start")))
EVIDENCE_CONTACT = env.str("EVIDENCE_CONTACT", "")
EVIDENCE_ALLOW_PRIVATE_HOSTS: list[str] = env.list("EVIDENCE_ALLOW_PRIVATE_HOSTS", [])
EVIDENCE_HOST_GAP = env.float("EVIDENCE_HOST_GAP", 5.0)
WEBHOOK_ALLOW_PRIVATE_HOSTS: list[str] = env.list("WEBHOOK_ALLOW_PRIVATE_HOSTS", [])
SITE_NAME = env.str("SITE_NAME", "Reckoner")
_site = env.str(
    "SITE_URL", "", validate=validate.Regexp(r"(https?://[^\s/]\S*)?\Z", error="give http(s):// and a host")
)
SITE_URL = (_site or "http://127.0.0.1:8000").rstrip("/")  # what addresses given to others begin with
CLAIM_REVIEW = env.bool("CLAIM_REVIEW", False)

# --- E-mail --------------------------------------------------------------------------------------------------------
_mail = env.dj_email_url("EMAIL_URL", "dummy:" if PRODUCTION else "console:")
if "EMAIL_BACKEND" not in _mail:
    raise ImproperlyConfigured(
        "EMAIL_URL: its scheme is not known; give one such as smtp://, submission:// or console:"
    )
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = _mail["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = _mail["EMAIL_TIMEOUT"] or 20  # seconds; without one, a worker waits for ever
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "reckoner@localhost")

# --- Language model that assesses reports; off without a URL and a model -------------------------------------------
ASSESSOR_LLM_URL = env.str("ASSESSOR_LLM_URL", "")
ASSESSOR_LLM_MODEL = env.str("ASSESSOR_LLM_MODEL", "", validate=validate.Length(max=80))
ASSESSOR_LLM_KEY = env.str("ASSESSOR_LLM_KEY", "")
ASSESSOR_LLM_HOSTS: list[str] = env.list("ASSESSOR_LLM_HOSTS", [])
ASSESSOR_LLM_SECONDS = env.float("ASSESSOR_LLM_SECONDS", 60, validate=validate.Range(min=1, max=300))
ASSESSOR_LLM_PROMPT_PRICE = env.decimal("ASSESSOR_LLM_PROMPT_PRICE", Decimal("0"), validate=validate.Range(min=0))
ASSESSOR_LLM_ANSWER_PRICE = env.decimal("ASSESSOR_LLM_ANSWER_PRICE", Decimal("0"), validate=validate.Range(min=0))
ASSESSOR_CALLS_PER_DAY = env.int("ASSESSOR_CALLS_PER_DAY", 200, validate=validate.Range(min=0))
ASSESSOR_CALLS_PER_PREDICTION = env.int("ASSESSOR_CALLS_PER_PREDICTION", 20, validate=validate.Range(min=0))
ASSESSOR_COST_PER_DAY = env.decimal("ASSESSOR_COST_PER_DAY", Decimal("1"), validate=validate.Range(min=0))
ASSESSOR_COST_PER_PREDICTION = env.decimal(
    "ASSESSOR_COST_PER_PREDICTION", Decimal("0.2"), validate=validate.Range(min=0)
)

# --- Database, broker --------------------------------------------------------------------------------------------
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'reckoner.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a transaction that will write must not start as a reader
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA recursive_triggers=ON;",  # else INSERT OR REPLACE deletes rows behind the append-only triggers
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["models.W040"]  # an index with columns besides its key, which SQLite lacks and does not need
DATASET_DIR = Path(env.str("DATASET_DIR", str(VAR_DIR / "dataset"))).absolute()
DATASET_KEPT_DAYS = env.int("DATASET_KEPT_DAYS", 7, validate=validate.Range(min=1))
DATASET_LICENCE = env.str("DATASET_LICENCE", "")
DATASET_LICENCE_URL = env.str("DATASET_LICENCE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")  # empty: workers run embedded in `manage.py serve`
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "snapshots": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "snapshots"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# Requests are counted here; without Redis each process has a memory of its own. Answers are kept in that in any case.
_OWN_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
# Pages and answers of the API that nothing has changed since, about 50 kB each; the key says all that they follow from.
_KEPT = {**_OWN_MEMORY, "TIMEOUT": 3600, "OPTIONS": {"MAX_ENTRIES": 256}}
CACHES: dict[str, dict[str, Any]] = {
    "default": {**_OWN_MEMORY, "LOCATION": "default"},
    "local": _OWN_MEMORY,
    "pages": {**_KEPT, "LOCATION": "pages"},
    "answers": {**_KEPT, "LOCATION": "answers"},
}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "reckoner",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }

# --- Django ------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "forecasts.apps.ForecastsConfig",
    "forecasts.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "forecasts.http.caching.stored_only_if_it_says_so",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["project.formats"]
FORMS_URLFIELD_ASSUME_HTTPS = True  # as from Django 6.0 on
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = not PRODUCTION
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
LOGIN_URL = "admin:login"

# --- Security ----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- API ---------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["forecasts.api.v1.writes.keys.KeyAuthentication"],
    "DEFAULT_THROTTLE_CLASSES": ["forecasts.api.v1.limits.Limit"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "forecasts.http.problems.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Reckoner API",
    "DESCRIPTION": "Predictions, forecasts, outcomes and calibration. Reads are public; numbers carry n and intervals.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"BasisEnum": "forecasts.models.Basis.values"},
}

MAY_BE_NONE = validate.Range(min=0)
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 300, validate=MAY_BE_NONE)
API_KEY_REQUESTS_PER_MINUTE = env.int("API_KEY_REQUESTS_PER_MINUTE", 1200, validate=MAY_BE_NONE)
DISPUTES_PER_HOUR = env.int("DISPUTES_PER_HOUR", 5, validate=MAY_BE_NONE)
LOGIN_TRIES_PER_ADDRESS = env.int("LOGIN_TRIES_PER_ADDRESS", 10, validate=validate.Range(min=1))
LOGIN_TRIES_PER_NAME = env.int("LOGIN_TRIES_PER_NAME", 30, validate=validate.Range(min=1))
PROXIES_IN_FRONT = env.int("PROXIES_IN_FRONT", 1 if PRODUCTION else 0, validate=MAY_BE_NONE)

# --- Logging -----------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
}
