"""One settings file for every way to run, driven by the environment.

Embedded (nothing set): SQLite in `FUNNEL_DATA`, no Redis, plain HTTP on this machine.
Team (`DATABASE_URL` set): PostgreSQL, Redis, HTTPS, and no start without real secrets.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from funnelcrm.secret import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

TEAM_MODE = bool(env.str("DATABASE_URL", ""))
DATA_DIR = Path(env.str("FUNNEL_DATA", str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", False)
HTTPS = env.bool("FUNNEL_HTTPS", TEAM_MODE)
SECRET_KEY = secret_key(env.str("SECRET_KEY", ""), team_mode=TEAM_MODE, data_dir=DATA_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if TEAM_MODE else ["127.0.0.1", "localhost", "[::1]"])
if TEAM_MODE and DEBUG:
    raise ImproperlyConfigured("DEBUG shows secrets to visitors. It cannot be on together with DATABASE_URL.")
if TEAM_MODE and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names under which people reach this server.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "funnelcrm",
    "stages",
    "leads",
]

MIDDLEWARE = [
    "funnelcrm.request_id.name_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "funnelcrm.middleware.private_answers",
    "funnelcrm.middleware.refuse_broken_text",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "funnelcrm.middleware.redirect_htmx_to_sign_in",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "funnelcrm.middleware.local_time",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "funnelcrm.urls"
WSGI_APPLICATION = "funnelcrm.wsgi.application"
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
            ],
            "builtins": ["django.templatetags.static", "funnelcrm.templatetags.show"],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------
if TEAM_MODE:
    DATABASES = {"default": env.db("DATABASE_URL")}
    DATABASES["default"]["OPTIONS"] = {
        # A connection per thread, kept between requests; nothing waits for ever.
        "pool": env.bool("DATABASE_POOL", False) or None,
        "options": "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s",
    }
    if not DATABASES["default"]["OPTIONS"]["pool"]:
        del DATABASES["default"]["OPTIONS"]["pool"]
        DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
        DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "funnel.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # A writer waits at BEGIN, never in the middle: without this most of 16 writers fail.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# For rate limits only. In the database, so that they hold across processes and without Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "funnelcrm_cache",
        # With the default of 300, whoever makes 301 keys makes us forget how often they tried.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Background work ------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
# Without a broker that all processes share, a message would reach nobody: beat alone drains the rows.
CELERY_HINTS = bool(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Redis being down must not hold up a web request: give up within about a second.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1}
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5} if REDIS_URL else {}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "follow-up": {"task": "leads.follow_up", "schedule": 10 if REDIS_URL else 2},
    "audit": {"task": "leads.audit", "schedule": 24 * 60 * 60},
}

# --- People ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "funnelcrm.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "funnelcrm.sign_in.ClosedDoor"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "20/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_ADAPTER = "funnelcrm.sign_in.KeptSecrets"
MFA_TOTP_ISSUER = "Funnel"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# --- The browser ----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY = {name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = [
    # Browsers keep their preload list for months: for the owner of the domain to decide, not for us.
    "security.W021",
    # SQLite has no deferrable constraints; there the configuration's own functions keep positions apart.
    "models.W038",
]
if env.bool("FUNNEL_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Otherwise everybody behind the proxy would share one rate limit.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "funnel-session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "funnel-csrf"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
PASSWORD_RESET_TIMEOUT = 60 * 60
CSRF_FAILURE_VIEW = "funnelcrm.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2500

# --- The rest -------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# English only, so far: asking for the language of each value is a good part of rendering a board.
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = False
EMAIL_BACKEND = env.str("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_TIMEOUT = 10
if env.str("EMAIL_URL", ""):
    vars().update(env.email("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "funnel@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "funnelcrm.request_id.AddRequestId"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {request_id} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
