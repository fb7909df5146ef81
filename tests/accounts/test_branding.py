import asyncio
import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from accounts import brands
from accounts.brand_models import Brand, Hostname
from accounts.branding import (
    InvalidBranding,
    set_branding,
    set_logo,
)
from accounts.brands import brand_of
from accounts.logos import STORED_MAX, BadLogo, read_logo
from accounts.look import Look, colour_remarks
from accounts.models import AuditEvent, Organization
from accounts.services import create_organization
from core import bus
from core.contrast import contrast
from tests.brands import DASHBOARD, dress
from tests.build import make_organization

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOOK = {
    "name": "Alice's chats",
    "accent": "#0f766e",
    "accent_dark": "#5eead4",
    "support_link": "mailto:help@alice.example",
    "mail_name": "Alice's agency",
    "mail_reply_to": "help@alice.example",
    "hide_powered_by": True,
}


@pytest.fixture
def agency(db) -> Organization:
    return make_organization("Alice's agency", kind="reseller")


@pytest.fixture
def shop(agency: Organization) -> Organization:
    return create_organization(actor=None, name="Bob's shop", parent=agency)


@pytest.fixture
def elsewhere(db) -> Organization:
    return make_organization("Charlie's agency", kind="reseller")


# The look


def test_look_is_stored_typed(agency):
    set_branding(actor=None, organization=agency, values=LOOK)

    assert Brand.objects.get().look().model_dump() == LOOK
    assert AuditEvent.objects.get(action="branding.changed").organization == agency


def test_name_is_one_line():
    assert Look(name="Alice\n\nhttps://evil.example").name == "Alice https://evil.example"


@pytest.mark.parametrize(
    "values",
    [
        {"support_link": "http://alice.example/"},
        {"support_link": "mailto:nobody"},
        {"support_link": "javascript:alert(1)"},
        {"support_link": "https://alice.example/a b"},
        {"accent": "red"},
        {"accent_dark": "#12345"},
        {"mail_name": "Alice\nBcc: all@example.com"},
        {"mail_reply_to": "not an address"},
        {"name": "x" * 81},
        {"colour": "#000000"},
    ],
)
def test_look_is_validated(agency, values):
    with pytest.raises(InvalidBranding) as raised:
        set_branding(actor=None, organization=agency, values=values)
    assert list(raised.value.errors) == list(values)


def test_customer_has_no_look_of_its_own(shop):
    with pytest.raises(InvalidBranding):
        set_branding(actor=None, organization=shop, values={"name": "Mine"})


def test_mail_address_as_support_link_becomes_one():
    assert Look(support_link="help@alice.example").support_link == "mailto:help@alice.example"


@pytest.mark.parametrize("color", ["#ffff00", "#ff7a59", "#000000", "#ffffff", "#777777", "#2b50e0"])
def test_every_colour_becomes_one_that_can_be_read(color):
    light, dark = Look(accent=color).shades

    assert min(contrast(light, ground) for ground in ("#ffffff", "#f5f6f8")) >= 4.5
    assert min(contrast(dark, ground) for ground in ("#171b22", "#1f242d")) >= 4.5
    assert (contrast(light, "#ffffff") >= 4.5, contrast(dark, "#0b0e14") >= 4.5) == (True, True)  # text on buttons


def test_readable_colours_stay_and_others_are_told():
    assert colour_remarks(Look(accent="#0f766e", accent_dark="#5eead4")) == []
    [remark] = colour_remarks(Look(accent="#ffff00"))
    assert remark.startswith("#ffff00 on white has a contrast of 1.07 : 1; 4.5 : 1 is needed. Pages use #")


def test_who_has_a_name_shows_nothing_of_the_platforms(agency, shop, elsewhere):
    platform = make_organization("Platform", kind="platform")
    dress(platform, name="Big chats", support_link="https://big.example/", accent="#7c2d12")
    dress(agency, name="Alice", mail_reply_to="help@alice.example")
    dress(elsewhere, accent="#0f766e")

    assert [brand_of(one).name for one in (None, platform, agency, shop, elsewhere)] == [
        *["Big chats"] * 2,
        *["Alice"] * 2,
        "Big chats",
    ]
    assert (brand_of(shop).look.support_link, brand_of(shop).look.accent) == ("", "")
    assert (brand_of(elsewhere).look.support_link, brand_of(elsewhere).look.accent) == (
        "https://big.example/",
        "#0f766e",
    )


def test_what_is_known_is_asked_for_once(agency, shop, django_assert_num_queries):
    dress(agency, name="Alice")
    with django_assert_num_queries(2):
        for _ in range(3):
            assert brand_of(shop).name == "Alice"


@pytest.mark.django_db(transaction=True)
def test_change_is_seen_at_once(agency, shop, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(bus, "_subscribers", [*bus._subscribers, told.append])
    assert brand_of(shop).name == "Chatdock"
    set_branding(actor=None, organization=agency, values={"name": "Alice"})

    assert (brand_of(shop).name, told) == ("Alice", [brands.TOPIC, agency.public_id])


@pytest.mark.django_db(transaction=True)
def test_server_reads_anew_when_it_is_told(agency, shop, settings):
    async def live() -> str:
        kept = brands.Kept()
        await kept.start()
        try:
            await asyncio.to_thread(set_branding, actor=None, organization=agency, values={"name": "Alice"})
            kept.forget(brands.TOPIC)
            for _ in range(2000):
                if agency.pk in kept.directory.resellers:
                    return kept.get().resellers[agency.pk].name
                await asyncio.sleep(0.01)
            return "nothing"
        finally:
            await kept.stop()

    settings.DATABASE_THREADS = 2
    assert asyncio.run(live()) == "Alice"


# The logo


def picture(form: str = "PNG", size: tuple[int, int] = (300, 100), **options) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_logo_is_drawn_anew(form):
    logo = read_logo(picture(form) + b"<script>alert(1)</script>")

    drawn = Image.open(io.BytesIO(logo.png))
    assert (drawn.format, drawn.size, logo.is_wide) == ("PNG", (300, 100), True)
    assert b"script" not in logo.png
    assert len(logo.png) <= STORED_MAX


def test_large_logo_is_made_small():
    logo = read_logo(picture("JPEG", size=(1000, 1000)))

    assert max(Image.open(io.BytesIO(logo.png)).size) <= 160
    assert (logo.is_wide, len(logo.png) <= STORED_MAX) == (False, True)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Use a PNG"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "Use a PNG|cannot be read"),
        (picture()[:400], "cannot be read"),
        (picture("GIF"), "Use a PNG"),
        (picture(size=(4097, 1)), "4096 pixels"),
        (b"0" * (2 * 1024 * 1024 + 1), "2 MB"),
        (b"", "Use a PNG"),
    ],
    ids=["svg", "broken", "cut off", "gif", "too many pixels", "too long", "empty"],
)
def test_what_is_no_logo_is_refused(data, says):
    with pytest.raises(BadLogo, match=says):
        read_logo(data)


def test_logo_is_served_for_good_and_as_nothing_else(client, agency):
    logo = read_logo(picture())
    set_logo(actor=None, organization=agency, logo=logo)
    brands.kept.forget(brands.TOPIC)
    response = client.get(brand_of(agency).logo)

    assert response.content == logo.png
    assert {name: response[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Type": "image/png",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert not response.cookies
    set_logo(actor=None, organization=agency, logo=None)
    assert client.get(f"/brand/logo/{logo.digest}.png").status_code == 404


@pytest.mark.parametrize("name", ["0f766e", "0f766e-5eead", "0F766E-5eead4", "0f766e-5eead4.x", "red-blue"])
def test_made_up_colours_are_absent(client, name):
    assert client.get(f"/brand/colours/{name}.css").status_code == 404


def test_colours_are_a_stylesheet(client):
    response = client.get("/brand/colours/0f766e-5eead4.css")

    assert response.content.decode().startswith(":root{--accent:light-dark(#0f766e,#5eead4);")
    assert (response["Content-Type"], "immutable" in response["Cache-Control"]) == ("text/css; charset=utf-8", True)


def test_branding_of_old_goes_on(agency):
    """What stood in the reseller's account, see the migration."""
    from importlib import import_module  # noqa: PLC0415

    class Accounts:
        objects = type("Manager", (), {"all": staticmethod(lambda: [OLD])})

    OLD = type(
        "Account",
        (),
        {
            "organization_id": agency.pk,
            "branding": {"name": "Alice", "logo_url": "https://alice.example/x.svg", "accent_ink": "#000000"},
            "dashboard_host": DASHBOARD,
            "embed_host": None,
        },
    )
    models = {"Brand": Brand, "Hostname": Hostname, "ResellerAccount": Accounts}
    apps = type("Apps", (), {"get_model": staticmethod(lambda _, name: models[name])})
    import_module("licenses.migrations.0007_branding_moves").move(apps, None)

    assert (Brand.objects.get().look().name, Hostname.objects.get().verified_at) == ("Alice", None)
