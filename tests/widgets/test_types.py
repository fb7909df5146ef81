"""What tenants type, on its way into rows, headers and scripts."""

import pytest

from widgets.services import InvalidConfiguration, save_draft


@pytest.mark.parametrize(
    "address",
    [
        "http://img.test/a.png",
        "https://img.test",
        "https://img.test:\u0661/a.png",  # an Arabic digit: Django would encode the whole policy, and void it
        "https://img.test/a.png;script-src *",
        "https://img.test/a\n.png",
        "https://img.test,evil.test/a.png",
        "https://bob@img.test/a.png",
    ],
)
def test_picture_that_would_not_fit_a_header_is_refused(widget, address):
    widget.draft["header"]["avatar"] = address

    with pytest.raises(InvalidConfiguration) as raised:
        save_draft(actor=None, widget=widget, configuration=widget.draft)

    assert list(raised.value.errors) == ["header.avatar"]


def test_nul_is_refused_before_the_database_does(widget):
    widget.draft["launcher"]["label"] = "a\0b"
    widget.draft["texts"]["greeting"] = ["fine", "a\0b"]

    with pytest.raises(InvalidConfiguration) as raised:
        save_draft(actor=None, widget=widget, configuration=widget.draft)

    assert set(raised.value.errors) == {"launcher.label", "texts.greeting"}
