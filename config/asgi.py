"""The ASGI entry point: the public paths through the lane, everything else through Django's own handler."""

import os
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_app: Any = get_asgi_application()  # first: what follows needs the apps

from core.lane import lane  # noqa: E402

application = lane(django_app, urlconf=settings.PUBLIC_URLCONF, prefixes=settings.PUBLIC_PREFIXES)
