from licenses.entitlements import Feature
from widgets.types.base import Contrast, CredentialKind, IconNames
from widgets.types.chatkit.configuration import ChatKitConfiguration
from widgets.types.chatkit.connection import CUSTOM, HOSTED, ChatKitConnection, openai_key, server_headers
from widgets.types.chatkit.drawings import DRAWINGS
from widgets.types.chatkit.frame import extra_features, frame_config, frame_sources
from widgets.types.chatkit.looks import LOOKS
from widgets.types.chatkit.schema import refused_options
from widgets.types.common import CONTRASTS, IDENTITY_SECRET, on_the_surface
from widgets.types.declaration import WidgetType

_ACCENT, _SURFACE, _NO_ACCENT = "theme.accent.primary", "theme.surface.enabled", {"theme.accent.enabled": False}

TYPE = WidgetType(
    id="chatkit",
    label="OpenAI ChatKit agent",
    description="Visitors chat with an OpenAI agent in OpenAI's own ChatKit. Key and workflow id stay on our server.",
    feature=Feature.CHATKIT,
    configuration=ChatKitConfiguration,
    connection=ChatKitConnection,
    credentials=(
        CredentialKind(
            "openai_key",
            "OpenAI API key",
            "A key of the project that owns the workflow (sk-…).",
            openai_key,
            when=HOSTED,
        ),
        CredentialKind(
            "chatkit_server",
            "Server headers",
            "Go to your own ChatKit server with every request.",
            server_headers,
            when=CUSTOM,
            shape="headers",
            text='A JSON object such as {"Authorization": "Bearer …"}.',
        ),
        IDENTITY_SECRET,
    ),
    frame_config=frame_config,
    contrasts=(
        *CONTRASTS,
        # ChatKit chooses its own inks, and the surfaces too unless one is set: white, or nearly black in the dark.
        Contrast("Accent on the surface", _ACCENT, "theme.surface.background", 3, _NO_ACCENT | {_SURFACE: False}),
        *on_the_surface(_ACCENT, light="#ffffff", dark="#212121", unless=_NO_ACCENT | {_SURFACE: True}),
    ),
    fixed=("backend", "script", "domainKey", "demo"),
    looks=LOOKS,
    icons=IconNames(DRAWINGS, "ChatKit’s own", "Drawn in ChatKit’s own hand: alike, not the same."),
    frame_sources=frame_sources,
    extra_features=extra_features,
    api={"session": "chatkit_sessions:create-session", "backend": "chatkit_sessions:backend"},
    probe="chatkit_probe:test",
    refused=refused_options,
    allowlist=(
        "OpenAI’s domain allowlist",
        "ChatKit runs in our frame. Add this host under “Domain allowlist” in your OpenAI organization’s security "
        "settings.",
    ),
    notices=(
        "OpenAI shuts Agent Builder down on 30 November 2026. Hosted workflows may stop working after that day; "
        "a ChatKit server of your own keeps working.",
    ),
)
