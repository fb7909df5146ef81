"""A reseller's own hosts in a real browser: its dashboard, its customer's chat, and the page where it is dressed."""

import io
import time
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from accounts.branding import set_branding, set_logo
from accounts.logos import read_logo
from accounts.models import Organization
from accounts.permissions import Role
from accounts.services import add_member, create_organization
from tests.brands import DASHBOARD, EMBED, own_host
from tests.build import PASSWORD, make_organization, make_user
from tests.e2e.axe import accessible
from tests.e2e.chat_site import SHOP, ask, expect_answer, n8n_maker, open_chat
from tests.e2e.sites import Sites

pytestmark = pytest.mark.browser
APP = f"https://{DASHBOARD}"
LOOK = {
    "accent": "#0f766e",
    "support_link": "https://agency.test/help",
    "hide_powered_by": True,
}


@pytest.fixture
def agency(secure_product: Any, settings: Any) -> Organization:
    settings.EMBED_URL, settings.DASHBOARD_URL = secure_product.embed, secure_product.dashboard
    agency = make_organization("Alice's agency", make_user("alice"), kind="reseller")
    own_host(agency, "dashboard", DASHBOARD)
    own_host(agency, "embed", EMBED)
    set_logo(actor=None, organization=agency, logo=read_logo(lantern()))
    set_branding(actor=None, organization=agency, values={"name": name_of(agency), **LOOK})
    return agency


def name_of(agency: Organization) -> str:
    """Of this test alone: without Redis the server knows the one before for some seconds more."""
    return f"Lantern {agency.public_id[-4:]}"


def lantern() -> bytes:
    picture = Image.new("RGBA", (160, 160))
    ImageDraw.Draw(picture).rounded_rectangle((16, 8, 144, 152), 40, fill="#0f766e")
    ImageDraw.Draw(picture).ellipse((52, 52, 108, 108), fill="#fde68a")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def log_in(page: Page, name: str) -> None:
    page.get_by_label("E-mail").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def wait_for_host(page: Page, agency: Organization) -> None:
    """The server hears of a new host through Redis, or looks every three seconds."""
    for _ in range(100):
        page.goto(f"{APP}/login/")
        if page.title() == f"Log in · {name_of(agency)}":
            return
        time.sleep(0.1)
    raise AssertionError(f"the host is not honoured: {page.title()}")


def shade(page: Page, selector: str) -> str:
    return page.locator(selector).first.evaluate("element => getComputedStyle(element).backgroundColor")


def test_customer_finds_its_resellers_product(
    page: Page, site: Sites, secure_product: Any, settings: Any, agency: Organization
) -> None:
    shop = create_organization(actor=None, name="Bob's shop", parent=agency)
    add_member(actor=None, organization=shop, user=make_user("bob"), role=Role.OWNER)
    make_organization("Charlie's shop", make_user("charlie"))
    widget = n8n_maker(secure_product, settings)(organization=shop)

    wait_for_host(page, agency)
    assert shade(page, "button[type=submit]") == "rgb(15, 118, 110)"
    accessible(page)
    log_in(page, "charlie")
    expect(page.get_by_text("do not belong together")).to_be_visible()
    log_in(page, "bob")
    expect(page.get_by_role("banner").get_by_text("Lantern")).to_be_visible()
    expect(page.get_by_role("banner").locator("img")).to_have_js_property("naturalWidth", 160)
    page.emulate_media(color_scheme="dark")
    assert shade(page, ".button:not(.button--quiet)") != "rgb(15, 118, 110)"
    accessible(page)

    page.goto(f"{APP}/o/bobs-shop/widgets/{widget.public_id}/install/")
    code = page.locator("pre code").first.inner_text()
    page.goto(f"{APP}/o/bobs-shop/widgets/{widget.public_id}/")
    preview = page.frame_locator("#preview-frame")
    expect(preview.locator("chat-dock")).to_be_attached()
    assert preview.locator("html").evaluate("() => location.origin") == f"https://{EMBED}"

    page.goto(site.page(SHOP, f"<body><h1>Shop</h1>{code}</body>"))
    frame = open_chat(page)
    ask(frame)
    expect_answer(frame)
    assert [f.url.split("/widget/")[0] for f in page.frames[1:]] == [f"https://{EMBED}"]
    expect(frame.get_by_text("Powered by")).to_have_count(0)


def test_reseller_dresses_the_product_and_goes_in_where_it_is_let_in(page: Page, agency: Organization) -> None:
    shop = create_organization(actor=None, name="Bob's shop", parent=agency)
    add_member(actor=None, organization=shop, user=make_user("bob"), role=Role.OWNER)
    wait_for_host(page, agency)
    log_in(page, "alice")
    page.get_by_role("link", name="Branding").click()
    page.get_by_label("Name", exact=True).fill("Beacon")
    page.get_by_label("Colour", exact=True).fill("#ffd000")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_text("Beacon").first).to_be_visible()
    expect(preview.locator(".brand-preview--dark .brand-button")).to_have_css("background-color", "rgb(255, 208, 0)")
    accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("#ffd000 on white has a contrast of 1.47 : 1")).to_be_visible()
    expect(page.get_by_role("banner").get_by_text("Beacon")).to_be_visible()
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Log out").click()

    log_in(page, "bob")
    page.goto(f"{APP}/o/bobs-shop/access/")
    accessible(page)
    page.get_by_label("Change widgets and domains").check()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("button", name="Take back")).to_have_count(2)
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Log out").click()

    log_in(page, "alice")
    page.get_by_role("link", name="Access").click()
    page.get_by_role("link", name="Bob's shop").click()
    accessible(page)
    page.get_by_label("Reason").fill("Ticket 7")
    page.get_by_role("button", name="Open the dashboard").click()
    expect(page.get_by_text("You act for Bob's shop.")).to_be_visible()
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_text("You have left Bob's shop.")).to_be_visible()
