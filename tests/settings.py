"""The product's own settings with secrets for tests; services come from the environment as everywhere else."""

import base64
import os
import tempfile

os.environ.setdefault("SECRET_KEY", "tests only")
os.environ.setdefault("TOKEN_KEY", "tests only, for tokens")
os.environ.setdefault("SEALING_KEYS", "t1:" + base64.b64encode(b"t" * 32).decode())
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="chatdock-"))
os.environ.setdefault("ALLOWED_HOSTS", "*")
os.environ.setdefault("DASHBOARD_URL", "http://testserver")  # Django's test client calls itself that
os.environ.setdefault("EMBED_URL", "http://testserver")

from config.settings import *  # noqa: F403

MFA_REQUIRED = False  # what tests of other things would only stumble over; its own tests switch it on
DATABASE_THREADS = 0  # the test's transaction lives in the test's thread
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
