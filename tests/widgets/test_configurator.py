from tests.build import make_widget
from tests.widgets.test_views_edit import url
from widgets.configurator import DEVICES
from widgets.models import Credential


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
