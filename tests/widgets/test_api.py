import pytest

from accounts.permissions import Role
from accounts.services import add_member
from tests.api import Api
from tests.build import make_license, make_user, make_widget
from widgets.contrast import contrast_warnings
from widgets.models import Widget
from widgets.services import open_connection, publish_widget, save_draft
from widgets.types import all_types

URL = "/widgets/"
SECRET = "sk-canary-secret-that-must-not-show"


@pytest.fixture
def api(organization, license) -> Api:
    return Api(organization.memberships.get())


@pytest.fixture
def as_role(organization, license):
    """With a token that bob made as an owner, before he got the role."""

    def enter(role: Role) -> Api:
        api = Api(add_member(actor=None, organization=organization, user=make_user("bob"), role=Role.OWNER))
        add_member(actor=None, organization=organization, user=api.member.user, role=role)
        return api

    return enter


def call(api, method: str, path: str, body=None):
    headers = {"If_Match": "*"} if method == "patch" else {}
    return api.call(method, path, None if method == "get" else body or {}, **headers)


def test_list_and_details(api, widget, license):
    assert api.get(URL).json() == {
        "data": [
            {
                "id": widget.public_id,
                "name": "Helper",
                "type": "n8n",
                "license": license.public_id,
                "enabled": True,
                "published_version": 1,
                "has_unpublished_changes": False,
                "revision": 2,
                "created_at": widget.created_at.isoformat().replace("+00:00", "Z"),
            }
        ],
        "next": None,
    }
    details = api.get(f"{URL}{widget.public_id}/").json()
    assert details["configuration"] == widget.draft
    assert details["connection"]["url"] == "https://n8n.example.com/webhook/demo/chat"
    assert details["credentials"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(api, license, count, django_assert_num_queries):
    for number in range(count):
        make_widget(license, name=f"Chat {number}")
    with django_assert_num_queries(5):  # token and that it is used, membership, plan, widgets
        assert len(api.get(URL).json()["data"]) == count


@pytest.mark.parametrize("kind", all_types())
def test_widget_is_created(api, license, kind):
    response = call(api, "post", URL, {"name": "Tea", "widget_type": kind, "license": license.public_id})
    widget = Widget.objects.get()
    assert (response.status_code, response.json()["id"], widget.widget_type) == (201, widget.public_id, kind)


def test_creating_names_what_is_wrong(api, license, charlies_widget):
    own = {"name": "Tea", "widget_type": "n8n", "license": license.public_id}
    unknown = call(api, "post", URL, own | {"widget_type": "fax"})
    assert (unknown.status_code, list(unknown.json()["error"]["fields"])) == (400, ["widget_type"])
    foreign = call(api, "post", URL, own | {"license": charlies_widget.license.public_id})
    absent = call(api, "post", URL, own | {"license": "lic_0"})
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_limits_and_plan_refuse(api, organization):
    license = make_license(organization, limits={"widgets": 1}, features=["n8n", "api"])
    values = {"name": "Tea", "widget_type": "chatkit", "license": license.public_id}
    refused = call(api, "post", URL, values)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "entitlement_missing")
    make_widget(license)
    refused = call(api, "post", URL, values | {"widget_type": "n8n"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "limit_reached")


def test_patch_changes_what_is_named(api, widget):
    configuration = widget.draft | {"teaser": {"text": "Hello", "delay": 1}}
    connection = {"url": "https://n8n.example.com/webhook/other"}
    body = {"name": "Tea", "enabled": False, "configuration": configuration, "connection": connection, "revision": 2}
    response = call(api, "patch", f"{URL}{widget.public_id}/", body)
    widget.refresh_from_db()
    assert (response.status_code, widget.name, widget.enabled) == (200, "Tea", False)
    assert widget.draft["teaser"]["text"] == "Hello"
    assert open_connection(widget, widget.draft_connection).url == "https://n8n.example.com/webhook/other"


def test_patch_is_all_or_nothing(api, widget):
    body = {"name": "Tea", "configuration": widget.draft | {"teaser": {"text": "x" * 121}}}
    response = call(api, "patch", f"{URL}{widget.public_id}/", body)
    fields = response.json()["error"]["fields"]
    assert (response.status_code, fields) == (
        400,
        {"configuration": {"teaser.text": ["Use at most 120 characters."]}},
    )
    widget.refresh_from_db()
    assert widget.name == "Helper"


def test_refused_connection_takes_the_saved_configuration_back(api, widget):
    body = {"configuration": widget.draft | {"teaser": {"text": "Hi"}}, "connection": {"url": "http://10.0.0.1"}}
    response = call(api, "patch", f"{URL}{widget.public_id}/", body)
    assert (response.status_code, list(response.json()["error"]["fields"]["connection"])) == (400, ["url"])
    widget.refresh_from_db()
    assert widget.draft["teaser"]["text"] == ""


def test_stale_revision_conflicts(api, widget):
    response = call(api, "patch", f"{URL}{widget.public_id}/", {"configuration": widget.draft, "revision": 1})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "stale_draft")


def test_secret_goes_in_and_not_out(api, license):
    widget = make_widget(license, "chatkit", publish=False)
    response = call(api, "put", f"{URL}{widget.public_id}/credentials/openai_key/", {"secret": SECRET})
    stored = widget.credentials.get()
    assert set(response.json()) == {"kind", "last4", "fingerprint", "updated_at"}
    assert (response.json()["last4"], response.json()["fingerprint"]) == ("show", stored.fingerprint)
    details = api.get(f"{URL}{widget.public_id}/").content.decode()
    assert (SECRET in details, stored.sealed in details, stored.fingerprint in details) == (False, False, True)
    assert api.get(f"{URL}{widget.public_id}/credentials/openai_key/").status_code == 405


def test_secret_of_no_known_kind_is_refused(api, widget):
    response = call(api, "put", f"{URL}{widget.public_id}/credentials/fax/", {"secret": SECRET})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["kind"])


def test_short_secret_is_refused(api, widget):
    response = call(api, "put", f"{URL}{widget.public_id}/credentials/identity_secret/", {"secret": "s" * 31})
    assert (response.status_code, response.json()["error"]["fields"]) == (
        400,
        {"secret": ["An identity secret needs at least 32 characters."]},
    )


def test_secret_is_deleted(api, license):
    widget = make_widget(license, "chatkit")
    assert api.delete(f"{URL}{widget.public_id}/credentials/openai_key/").status_code == 204
    assert not widget.credentials.exists()


def test_publish_and_unpublish(api, license):
    widget = make_widget(license, publish=False)
    published = call(api, "post", f"{URL}{widget.public_id}/publish/", {"note": "First"})
    assert (published.status_code, published.json()["version"], published.json()["note"]) == (200, 1, "First")
    unpublished = call(api, "post", f"{URL}{widget.public_id}/unpublish/")
    assert unpublished.json()["published_version"] is None


def test_publishing_says_what_is_hard_to_read(api, license):
    widget = make_widget(license, configuration={"theme": {"accent": "#ffee00"}}, publish=False)
    published = call(api, "post", f"{URL}{widget.public_id}/publish/", {"revision": widget.draft_revision}).json()
    assert published["warnings"] == contrast_warnings(widget.type.contrasts, widget.draft)
    assert published["warnings"][0].startswith("Text on the accent: contrast 1.")


@pytest.mark.parametrize("page", ["publish/", "versions/1/restore/"])
def test_draft_that_was_not_read_is_neither_published_nor_replaced(api, widget, page):
    save_draft(actor=None, widget=widget, configuration=widget.draft | {"teaser": {"text": "Bob's", "delay": 5}})
    path = f"{URL}{widget.public_id}/{page}"
    stale = call(api, "post", path, {"revision": widget.draft_revision})
    assert (stale.status_code, stale.json()["error"]["code"], widget.versions.count()) == (409, "stale_draft", 1)
    assert call(api, "post", path, {"revision": widget.draft_revision + 1}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_versions_take_the_same_queries_for_any_number(api, license, count, django_assert_num_queries):
    widget = make_widget(license)
    for _ in range(count - 1):
        publish_widget(actor=None, widget=widget)
    path = f"{URL}{widget.public_id}/versions/"
    api.get(path)
    with django_assert_num_queries(5):  # token, membership, plan, widget, versions
        assert len(api.get(path).json()["data"]) == count


def test_publishing_says_what_is_missing(api, license):
    widget = make_widget(license, connection={"url": ""}, publish=False)
    response = call(api, "post", f"{URL}{widget.public_id}/publish/")
    error = response.json()["error"]
    assert (response.status_code, error) == (
        409,
        {"code": "not_ready", "message": "Enter the webhook URL under Connection."},
    )


def test_widget_is_deleted(api, widget):
    assert api.delete(f"{URL}{widget.public_id}/").status_code == 204
    assert not Widget.objects.exists()


DEEDS = [
    ("get", ""),
    ("patch", ""),
    ("delete", ""),
    ("put", "credentials/n8n_auth/"),
    ("delete", "credentials/n8n_auth/"),
    ("post", "publish/"),
    ("post", "unpublish/"),
]


@pytest.mark.parametrize(("method", "page"), DEEDS)
def test_widget_of_others_is_as_absent_as_none(api, organization, charlies_widget, method, page):
    body = {"secret": SECRET, "name": "Mine"}
    foreign = call(api, method, f"{URL}{charlies_widget.public_id}/{page}", body)
    absent = call(api, method, f"{URL}wgt_0/{page}", body)
    assert (foreign.status_code, foreign.content) == (404, absent.content)


@pytest.mark.parametrize(("method", "page"), DEEDS[1:])
def test_analyst_changes_nothing(as_role, widget, method, page):
    response = call(as_role(Role.ANALYST), method, f"{URL}{widget.public_id}/{page}", {"secret": SECRET})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "permission_denied")


def test_analyst_does_not_see_the_connection(as_role, widget):
    details = as_role(Role.ANALYST).get(f"{URL}{widget.public_id}/").json()
    assert ("connection" in details, details["name"]) == (False, "Helper")


def test_editor_does_not_redirect_secrets(as_role, widget):
    """Whoever sets the address receives the stored credentials there."""
    body = {"connection": {"url": "https://elsewhere.example.com/"}}
    assert call(as_role(Role.EDITOR), "patch", f"{URL}{widget.public_id}/", body).status_code == 403


def test_member_removed_sees_nothing(organization):
    membership = add_member(actor=None, organization=organization, user=make_user("bob"), role=Role.OWNER)
    api = Api(membership)
    membership.delete()
    assert api.get(URL).status_code == 401


def test_types_are_described_by_their_schema(api, organization):
    types = {kind["id"]: kind for kind in api.get("/widget-types/").json()["data"]}
    assert list(types) == list(all_types())
    assert types["n8n"]["configuration"] == all_types()["n8n"].configuration.model_json_schema()
    assert [known["kind"] for known in types["n8n"]["credentials"]] == ["n8n_auth", "identity_secret"]
