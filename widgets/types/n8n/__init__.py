from licenses.entitlements import Feature
from widgets.types.base import Contrast, CredentialKind, FrameSources
from widgets.types.common import CONTRASTS, IDENTITY_SECRET, on_the_surface
from widgets.types.declaration import WidgetType
from widgets.types.n8n.configuration import N8nConfiguration
from widgets.types.n8n.connection import N8nConnection, webhook_credentials
from widgets.types.n8n.frame import frame_config
from widgets.types.n8n.looks import LOOKS

TYPE = WidgetType(
    id="n8n",
    label="n8n workflow",
    description="Visitors chat with a workflow of yours. Messages pass through our relay; the webhook stays hidden.",
    feature=Feature.N8N,
    configuration=N8nConfiguration,
    connection=N8nConnection,
    credentials=(
        CredentialKind(
            "n8n_auth",
            "Webhook credentials",
            "Those that the trigger asks for.",
            webhook_credentials,
            when={"auth": ["basic", "headers"]},
            shape_from="auth",
            text='Basic: "user:password". Headers: a JSON object such as {"Authorization": "Bearer …"}.',
        ),
        IDENTITY_SECRET,
    ),
    frame_config=frame_config,
    fixed=("history",),
    # The grounds are n8n.css's, as are its text, placeholder, links and errors: no colour of the theme is in them.
    # The focus ring mixes the accent with the text's colour, which only adds to its contrast; the send button is
    # text on the accent.
    contrasts=(
        *CONTRASTS,
        Contrast("Text on the accent", "theme.accent_ink", "theme.accent", 4.5),
        *on_the_surface("theme.accent", light="#ffffff", dark="#15171c", unless={}),
    ),
    looks=LOOKS,
    frame_sources=lambda connection: FrameSources(),
    extra_features=lambda configuration, connection: {Feature.FILE_UPLOAD} if configuration.files.enabled else set(),
    api={"messages": "n8n_relay:messages", "history": "n8n_relay:history"},
    probe="n8n_probe:test",
)
