import pytest

from tests.build import make_widget
from tests.widgets.test_views_edit import url
from widgets.configurator import DEVICES
from widgets.models import Credential
from widgets.types.n8n.connection import webhook_credentials


def test_devices_have_the_sizes_that_their_browsers_report():
    assert [f"{width}x{height}" for _, width, height in DEVICES] == [
        *("320x568", "375x667", "390x844", "393x852", "430x932", "412x915", "360x780"),
        *("768x1024", "834x1194"),
        *("1280x800", "1366x768", "1440x900", "1920x1080"),
    ]
    assert len({name for name, *_ in DEVICES}) == len(DEVICES)


def test_preview_that_cannot_answer_says_why(client, license):
    widget = make_widget(license, "chatkit")
    assert client.get(url(widget)).context["unconnected"] == []
    Credential.objects.all().delete()
    told = ["OpenAI API key: none is stored."]
    assert client.get(url(widget)).context["unconnected"] == told


@pytest.mark.parametrize(
    ("kind", "connection", "asked"),
    [
        ("n8n", {"auth": "none"}, [("identity_secret", "")]),
        ("n8n", {"auth": "basic"}, [("n8n_auth", "basic"), ("identity_secret", "")]),
        ("n8n", {"auth": "headers"}, [("n8n_auth", "headers"), ("identity_secret", "")]),
        ("chatkit", {"backend": "hosted"}, [("openai_key", ""), ("identity_secret", "")]),
        ("chatkit", {"backend": "custom"}, [("chatkit_server", "headers"), ("identity_secret", "")]),
    ],
)
def test_preview_asks_for_the_secrets_of_the_connection_in_their_shape(client, license, kind, connection, asked):
    widget = make_widget(license, kind, connection=connection, publish=False)
    secrets = client.get(url(widget)).context["secrets"]
    assert [(secret.form.kind.id, secret.shape) for secret in secrets] == asked


@pytest.mark.parametrize("secret", ["nocolon", ":password", "user:"])
def test_credentials_without_user_or_password_are_none(secret):
    with pytest.raises(ValueError, match="Enter user:password"):
        webhook_credentials(secret)
    webhook_credentials("user:pass:word")
