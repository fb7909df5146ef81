import base64
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core import checks
from django.test.utils import override_settings

SEALING_KEY = "k1:" + base64.b64encode(b"k" * 32).decode()
GOOD = {
    "EMBEDDED": False,
    "DEBUG": False,
    "SECRET_KEY": "s" * 50,
    "TOKEN_KEY": "t" * 32,
    "SEALING_KEYS": [SEALING_KEY],
    "ALLOWED_HOSTS": ["app.example.com", "chat.example.com"],
    "DASHBOARD_URL": "https://app.example.com",
    "EMBED_URL": "https://chat.example.com",
    "REDIS_URL": "redis://redis:6379/0",
    "CELERY_BROKER_URL": "redis://redis:6379/0",
    "OPENAI_BASE_URL": "https://api.openai.com/v1",
    "DEMO_UPSTREAM_URL": "",
    "OUTBOUND_ALLOW": [],
    "TRUSTED_PROXIES": 1,
    "WEB_PROCESSES": 2,
    "DATABASE_THREADS": 8,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "mail.example.com",
    "DEFAULT_FROM_EMAIL": "Chatdock <chat@example.com>",
    "MFA_REQUIRED": True,
    "SIGNUP": "invitation",
    "DNS_URL": "https://dns.example.com/query",
    "UPLOAD_MAX_BYTES": 1_000_000,
    "SECURE_SSL_REDIRECT": True,
}


_LEVELS = {"E": checks.ERROR, "W": checks.WARNING}


def found(*, deploy=False, engine="postgresql", **changed):
    """The ids of our messages, in order."""
    database = patch.dict(settings.DATABASES["default"], ENGINE=f"django.db.backends.{engine}")
    with database, override_settings(**{**GOOD, **changed}):
        messages = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=deploy)
    ours = [message for message in messages if message.id.startswith("core.")]
    assert all(message.hint and message.level == _LEVELS[message.id[5]] for message in ours)
    return sorted(message.id for message in ours)


@pytest.mark.parametrize("deploy", [False, True])
def test_checks_are_content_with_good_settings(deploy):
    assert found(deploy=deploy) == []


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({"SECRET_KEY": ""}, ["core.E001"]),
        ({"TOKEN_KEY": ""}, ["core.E002"]),
        ({"SEALING_KEYS": []}, ["core.E003"]),
        ({"SEALING_KEYS": [""]}, ["core.E004"]),
        ({"SEALING_KEYS": ["k1"]}, ["core.E004"]),
        ({"SEALING_KEYS": [SEALING_KEY.removeprefix("k1")]}, ["core.E004"]),
        ({"SEALING_KEYS": ["k.1" + SEALING_KEY.removeprefix("k1")]}, ["core.E004"]),
        ({"SEALING_KEYS": ["k1:not base64"]}, ["core.E004"]),
        ({"SEALING_KEYS": ["k1:" + base64.b64encode(b"k" * 16).decode()]}, ["core.E004"]),
        ({"SEALING_KEYS": [SEALING_KEY, "k2:"]}, ["core.E004"]),
        ({"SEALING_KEYS": [SEALING_KEY, SEALING_KEY]}, ["core.E005"]),
        ({"METRICS_TOKEN": "short"}, ["core.E012"]),
        ({"DASHBOARD_URL": "app.example.com"}, ["core.E006"]),
        ({"DASHBOARD_URL": "https://app.example.com/admin"}, ["core.E006"]),
        ({"EMBED_URL": ""}, ["core.E006"]),
        ({"EMBED_URL": "https://bob@chat.example.com"}, ["core.E006"]),
        ({"EMBED_URL": "https://chat.example.com:x"}, ["core.E006"]),
        ({"OPENAI_BASE_URL": "api.openai.com"}, ["core.E007"]),
        ({"CHATKIT_JS_URL": "javascript:alert(1)"}, ["core.E007"]),
        ({"DEMO_UPSTREAM_URL": "127.0.0.1:9001"}, ["core.E007"]),
        ({"DNS_URL": "dns.example.com"}, ["core.E007"]),
        ({"REDIS_URL": "redis:6379"}, ["core.E008"]),
        ({"OUTBOUND_ALLOW": ["127.0.0.1"]}, ["core.E009"]),
        ({"OUTBOUND_ALLOW": ["http://127.0.0.1:9001"]}, ["core.E009"]),
        ({"OUTBOUND_ALLOW": ["127.0.0.1:9001", "N8N:9001"]}, ["core.E009"]),
        ({"OUTBOUND_ALLOW": ["[::1]:9001", "n8n.internal:5678"]}, []),
        ({"TRUSTED_PROXIES": -1}, ["core.E010"]),
        ({"WEB_PROCESSES": 0}, ["core.E010"]),
        ({"DATABASE_THREADS": -1}, ["core.E010"]),
        ({"DATABASE_THREADS": 0}, []),
        ({"VISITOR_SESSION_SECONDS": 59}, ["core.E010"]),
        ({"UPLOAD_MAX_BYTES": 1}, ["core.E010"]),
        ({"RATE_LIMITS": {"visitor": (0, 60)}}, ["core.E011"]),
        ({"SIGNUP": "closed"}, ["core.E013"]),
    ],
)
def test_checks_at_any_time(changed, ids, embedded):
    assert found(EMBEDDED=embedded, **changed) == ids


@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({"ALLOWED_HOSTS": []}, ["core.E020"]),
        ({"DASHBOARD_URL": "http://app.example.com"}, ["core.E021"]),
        ({"EMBED_URL": "http://chat.example.com"}, ["core.E021"]),
        ({"ALLOWED_HOSTS": ["app.example.com"]}, ["core.E022"]),
        ({"ALLOWED_HOSTS": [".example.com"]}, []),
        ({"EMBED_URL": "https://app.example.com:8443"}, ["core.E023"]),
        ({"engine": "sqlite3"}, ["core.E024"]),
        ({"REDIS_URL": ""}, ["core.E025"]),
        ({"CELERY_BROKER_URL": "filesystem://"}, ["core.E026"]),
        ({"DEBUG": True}, ["core.E027"]),
        ({"OUTBOUND_ALLOW": ["127.0.0.1:9001"]}, ["core.W028"]),
        ({"SECURE_SSL_REDIRECT": True, "TRUSTED_PROXIES": 0}, ["core.W035"]),
        ({"DEMO_UPSTREAM_URL": "http://127.0.0.1:9001"}, ["core.E029"]),
        ({"TOKEN_KEY": "short"}, ["core.E030"]),
        ({"TOKEN_KEY": GOOD["SECRET_KEY"]}, ["core.E030"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, ["core.E031"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, ["core.E031"]),
        ({"EMAIL_HOST": "localhost"}, ["core.E031"]),
        ({"DEFAULT_FROM_EMAIL": "Chatdock <chatdock@localhost>"}, ["core.E032"]),
        ({"MFA_REQUIRED": False}, ["core.E033"]),
        ({"SIGNUP": "open", "TRIAL_PLAN": ""}, ["core.E034"]),
        ({"SIGNUP": "open", "TRIAL_PLAN": "trial"}, []),
    ],
)
def test_checks_before_it_goes_public(changed, ids):
    assert found(deploy=True, **changed) == ids
    assert found(**changed) == []
    assert found(deploy=True, EMBEDDED=True, **changed) == []


def test_checks_do_not_repeat_a_secret():
    with override_settings(**{**GOOD, "SEALING_KEYS": ["k1:c2VjcmV0"], "TOKEN_KEY": "secret"}):
        messages = checks.run_checks(include_deployment_checks=True, tags=[checks.Tags.security])
    assert [message for message in messages if "c2VjcmV0" in str(message) or "secret'" in str(message)] == []
