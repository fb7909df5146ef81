"""The one settings file. Everything that differs between machines comes from the environment.

`EMBEDDED=1` is the mode of `make run`: SQLite, a local cache, a broker in a folder, secrets made on first start.
Every other start is production: what is missing is an error of the system checks, never a default.
"""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()  # NAME_FILE=/run/secrets/name works for every variable

EMBEDDED = env.bool("EMBEDDED", default=False)
DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# Two public faces: admins on one host, visitors on another.
DASHBOARD_URL = env.str("DASHBOARD_URL", default="http://localhost:8000").rstrip("/")
EMBED_URL = env.str("EMBED_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if EMBEDDED else [])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many proxies append to X-Forwarded-For
WEB_PROCESSES = env.int("WEB_PROCESSES", default=1)  # shares the rate limits when Redis is away

# Secrets
SECRET_KEY = env.str("SECRET_KEY", default="")
TOKEN_KEY = env.str("TOKEN_KEY", default="")  # signs page and visitor tokens
SEALING_KEYS = env.list("SEALING_KEYS", default=[])  # "id:base64 of 32 bytes"; the first one seals, all open
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # a scraper's; without one there is no /metrics

# Data
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'chatdock.sqlite3'}")}
_POSTGRES = "postgresql" in DATABASES["default"]["ENGINE"]
if _POSTGRES:
    # Under ASGI a connection per request costs 4-6 ms of the server; the pool makes it free.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a restart leaves dead connections in the pool
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "tcp_user_timeout": 10_000,  # a partition must not hold the threads for minutes
        "keepalives_idle": 10,
        "pool": {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL_SIZE", default=10),
            "timeout": 5,
            "reconnect_timeout": 2,  # its own five minutes back off so far that recovery takes most of one
        },
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
    }
DATABASE_THREADS = env.int("DATABASE_THREADS", default=8)  # 0: the caller's own thread (tests in a transaction)
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Celery
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL or "filesystem://")
CELERY_BROKER_FOLDER = VAR_DIR / "broker"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    # Each expires before the next is due, so that a worker that was away does not find a heap.
    "cancel-stopped": {"task": "chatkit_sessions.cancel_stopped", "schedule": 5.0, "options": {"expires": 5}},
    "deliver-webhooks": {"task": "accounts.deliver_webhooks", "schedule": 5.0, "options": {"expires": 5}},
    "send-quota-warnings": {"task": "licenses.send_quota_warnings", "schedule": 60.0, "options": {"expires": 60}},
    "purge-deleted-widgets": {"task": "widgets.purge_deleted", "schedule": 300.0, "options": {"expires": 300}},
    "publish-planned": {"task": "widgets.publish_planned", "schedule": 15.0, "options": {"expires": 15}},
    "remind": {"task": "licenses.remind", "schedule": crontab(minute=10), "options": {"expires": 3600}},
    "reconcile": {"task": "embed.reconcile", "schedule": crontab(hour=2, minute=40)},
    "delete-old-answers": {"task": "accounts.delete_old", "schedule": crontab(hour=3, minute=40)},
    "delete-old-chatkit-sessions": {"task": "chatkit_sessions.delete_old", "schedule": crontab(hour=3, minute=20)},
}
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(CELERY_BROKER_FOLDER / "queue"),
        "data_folder_out": str(CELERY_BROKER_FOLDER / "queue"),
        "control_folder": str(CELERY_BROKER_FOLDER / "control"),
        "store_processed": False,
    }

# Upstreams: base addresses are the operator's, never a tenant's.
OPENAI_BASE_URL = env.str("OPENAI_BASE_URL", default="https://api.openai.com/v1").rstrip("/")
CHATKIT_JS_URL = env.str("CHATKIT_JS_URL", default="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js")
CHATKIT_DOMAIN_KEY = env.str("CHATKIT_DOMAIN_KEY", default="")  # custom backends: from OpenAI's domain allowlist
# Addresses ("host:port") that the guard against private networks lets through, for every tenant.
OUTBOUND_ALLOW = env.list("OUTBOUND_ALLOW", default=[])
# The demo's stand-in for OpenAI serves exactly one workflow id; every other workflow goes to OpenAI itself.
DEMO_UPSTREAM_URL = env.str("DEMO_UPSTREAM_URL", default="").rstrip("/")

# Where TXT records are asked for over HTTPS, to verify resellers' host names: a resolver that speaks the JSON API.
DNS_URL = env.str("DNS_URL", default="https://cloudflare-dns.com/dns-query")

# Product
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=40 * 1024 * 1024)  # one message with its files
VISITOR_SESSION_SECONDS = env.int("VISITOR_SESSION_SECONDS", default=24 * 3600)
RATE_LIMITS = {
    # name: (events, seconds); sessions and messages of one visitor, one address, one widget, one licence
    "visitor": (env.int("RATE_VISITOR", default=20), 60),
    "ip": (env.int("RATE_IP", default=60), 60),
    "widget": (env.int("RATE_WIDGET", default=600), 60),
    "license": (env.int("RATE_LICENSE", default=1200), 60),
    "start": (env.int("RATE_START", default=300), 24 * 3600),  # new visitors' sessions from one address
    "shared": (100, 24 * 3600),  # chats that begin by one link to a draft
    "shared_messages": (1000, 24 * 3600),  # what is written in them
    "lookup": (env.int("RATE_LOOKUP", default=120), 60),  # widgets that this process does not know yet, one address
    "events": (env.int("RATE_EVENTS", default=120), 60),  # beacons of one address
    "claims": (10, 60),  # refused websites that one address makes us note
    "probe": (10, 60),  # connection tests of one person, of one widget
    "claim": (10, 900),  # licence keys of one person, and of one organization
    "login": (5, 300),  # of one address and account
    "verify": (10, 60),  # host names of one reseller, against DNS
    "ask": (120, 60),  # the proxy's questions whether a host name may have a certificate
    "invite": (50, 3600),  # mails of one person's invitations
    "api": (env.int("RATE_API", default=600), 60),  # REST calls of one token
}
MEMBER_GATE = "licenses.services.require_room_for_member"  # called by accounts, a floor below
SIGNUP = env.str("SIGNUP", default="open" if EMBEDDED else "invitation")  # who may make an account
TRIAL_PLAN = env.str("TRIAL_PLAN", default="trial" if EMBEDDED else "")  # its code; open sign-up gives a licence of it

# Mail: "smtp+tls://user:password@mail.example.com:587". The embedded default leaves mails in a folder. They never
# go into a log: their links open accounts.
vars().update(
    env.email_url(
        "EMAIL_URL", default=f"filemail:///{VAR_DIR.resolve() / 'mail'}" if EMBEDDED else "smtp://localhost:25"
    )
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Chatdock <chatdock@localhost>")
EMAIL_TIMEOUT = 10

INSTALLED_APPS = [
    "allauth",  # before ours, which take its tables out of the operators' admin
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "config",
    "chatkit_sessions",
    "n8n_relay",
    "embed",
    "analytics",
    "widgets",
    "licenses",
    "accounts",
    "core",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "rest_framework",
    "drf_spectacular",
]
MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "core.middleware.MetricsMiddleware",
    "core.hosts.DashboardHostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.static.StaticFilesMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.belonging.OwnHostMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]
ROOT_URLCONF = "config.urls"
PUBLIC_URLCONF = "config.public_urls"
# Every path of PUBLIC_URLCONF, and nothing of the dashboard, starts with one of these.
PUBLIC_PREFIXES = ("/api/widget/", "/api/chatkit/", "/api/n8n/", "/api/events", "/widget/", "/embed/")
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
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
                "csp.context_processors.nonce",
                "accounts.context.brand",
                "core.themes.theme",
            ],
        },
    },
]

# People
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:home"
LOGOUT_REDIRECT_URL = "accounts:login"
AUTHENTICATION_BACKENDS = ["accounts.backends.LoginBackend"]
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.people.LoginForm",
    "signup": "accounts.forms.people.SignupForm",
    "reset_password": "accounts.forms.people.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.people.ResetPasswordKeyForm",
    "change_password": "accounts.forms.people.ChangePasswordForm",
    "add_email": "accounts.forms.people.ChangeEmailForm",
    "reauthenticate": "accounts.forms.people.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up
ACCOUNT_CHANGE_EMAIL = True  # one address; a new one counts once it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a changed password, second factor, …
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Allauth's own limit of five per account would let a stranger lock it; ours counts per account and address.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,100/h/key"}
MFA_ADAPTER = "accounts.mfa.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.people.CodeForm",
    "reauthenticate": "accounts.forms.people.CodeAgainForm",
    "activate_totp": "accounts.forms.people.ActivateAppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # clocks differ
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=not EMBEDDED)  # of the people of resellers and the platform

# Security of the dashboard. The public paths set their own headers.
_HTTPS = DASHBOARD_URL.startswith("https://")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _HTTPS  # http://localhost
SESSION_COOKIE_NAME = "__Host-session" if _HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_TRUSTED_ORIGINS = [DASHBOARD_URL]
SECURE_SSL_REDIRECT = _HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^internal/"]
SECURE_HSTS_SECONDS = 31536000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", NONCE],  # for the import map
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": [EMBED_URL],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
    }
}
CORS_URLS_REGEX = r"^/api/v1/"
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_HEADERS = ["authorization", "content-type", "idempotency-key", "if-match"]
CORS_EXPOSE_HEADERS = [
    "ETag",
    "Idempotent-Replayed",
    "RateLimit-Limit",
    "RateLimit-Policy",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "X-Request-ID",
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.ApiTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "accounts.api.authentication.IsInGoodStanding",
        "accounts.api.authentication.HasScope",
        "licenses.api.gate.PlanIncludesApi",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.throttle.ApiThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.apijson.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "accounts.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Chatdock REST API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATIONS": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {"FeatureName": "licenses.api.taken.FEATURES", "LevelName": "licenses.api.taken.LEVELS"},
}

# Files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = EMBEDDED

# Words and time
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

LOG_FORMAT = env.str("LOG_FORMAT", default="text" if EMBEDDED else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "core.logs.RequestIdFilter"}},
    "formatters": {
        "json": {"()": "core.logs.JsonFormatter"},
        "text": {
            "()": "core.logs.TextFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
