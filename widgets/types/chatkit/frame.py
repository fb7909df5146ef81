from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from licenses.entitlements import Feature
from widgets.types.base import FrameSources
from widgets.types.chatkit.configuration import ChatKitConfiguration
from widgets.types.chatkit.connection import ChatKitConnection
from widgets.types.chatkit.options import chatkit_options, header_actions

DEMO_WORKFLOW = "wf_demo"


def is_demo(connection: ChatKitConnection) -> bool:
    """The stand-in serves one workflow id; with any other the widget talks to OpenAI."""
    return bool(settings.DEMO_UPSTREAM_URL) and connection.workflow_id == DEMO_WORKFLOW


def script_url(connection: ChatKitConnection) -> str:
    url: str = f"{settings.DEMO_UPSTREAM_URL}/cdn/chatkit.js" if is_demo(connection) else settings.CHATKIT_JS_URL
    return url


def frame_config(configuration: ChatKitConfiguration, connection: ChatKitConnection) -> dict[str, Any]:
    """What static/frame/chatkit.js mounts."""
    config = {
        "backend": connection.backend,
        "script": script_url(connection),
        "options": chatkit_options(configuration, connection),
        "actions": header_actions(configuration.header),
        "title": configuration.title,
        "demo": is_demo(connection),
        "colorScheme": configuration.theme.scheme,
    }
    if connection.backend == "custom":
        config["domainKey"] = settings.CHATKIT_DOMAIN_KEY or "local"
    return config


def frame_sources(connection: ChatKitConnection) -> FrameSources:
    """chatkit.js opens OpenAI's own iframe from its own host and puts a <style> into its shadow root."""
    host = "{0.scheme}://{0.netloc}".format(urlsplit(script_url(connection)))
    connect = (host,) if is_demo(connection) else ()
    return FrameSources(script=(host,), frame=(host,), connect=connect, inline_styles=True)


def extra_features(configuration: ChatKitConfiguration, connection: ChatKitConnection) -> set[Feature]:
    custom = {Feature.CUSTOM_BACKEND} if connection.backend == "custom" else set()
    files = {Feature.FILE_UPLOAD} if configuration.composer.attachments.enabled else set()
    return custom | files
