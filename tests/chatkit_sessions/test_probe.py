"""“Test connection” of ChatKit widgets, through the API, against the stand-ins."""

import pytest

from tests.build import make_license, make_organization, make_user, make_widget
from tests.fakes.state import Key
from tests.probes import states, step, try_it

pytestmark = pytest.mark.django_db
KEY = "sk-alices-own-key-0001"
ALL_OK = dict.fromkeys(["key", "opens", "accepted", "beta", "workflow", "session", "domain", "cancelled"], "ok")


@pytest.fixture
def widget(upstream, settings):
    settings.EMBED_URL = "https://chat.example.com"
    upstream.state.keys[KEY] = Key("proj_alice", {"wf_alice"})
    license = make_license(make_organization("Alice's shop", make_user("alice")))
    return make_widget(license, "chatkit", connection={"workflow_id": "wf_alice"}, secrets={"openai_key": KEY})


@pytest.fixture
def client(client, widget):
    client.force_login(widget.organization.memberships.get().user)
    return client


def failed(response) -> list[str]:
    return [id for id, state in states(response).items() if state == "failed"]


def custom(upstream, **more):
    return {"backend": "custom", "url": f"{upstream.url}/chatkit-server", **more}


def test_hosted_connection_works_and_leaves_no_session(client, widget, upstream):
    answer = try_it(widget)
    assert (states(answer), answer.json()["works"]) == (ALL_OK, True)
    assert [session.answer["status"] for session in upstream.state.sessions.values()] == ["cancelled"]


def test_session_belongs_to_no_visitor(client, widget, upstream):
    try_it(widget)
    assert [one.answer["user"] for one in upstream.state.sessions.values()] == [f"test:{widget.public_id}"]
    assert not widget.visitor_sessions.exists()


@pytest.mark.parametrize(
    ("typed", "secret", "step_id"),
    [
        ({"workflow_id": "wf_alice"}, "sk-nobody-knows-this-0001", "accepted"),
        ({"workflow_id": "wf_of_others"}, "", "workflow"),
        ({"workflow_id": ""}, "", "workflow"),
    ],
)
def test_step_that_fails(client, widget, upstream, typed, secret, step_id):
    answer = try_it(widget, connection=typed, secrets={"openai_key": secret})
    assert failed(answer) == [step_id]


@pytest.mark.parametrize(
    ("status", "step_id"), [(401, "accepted"), (403, "beta"), (404, "workflow"), (400, "session"), (429, "session")]
)
def test_status_of_openai_names_the_step(client, widget, upstream, status, step_id):
    upstream.state.keys[KEY].workflows.add(f"wf_fail_{status}_no_retry")
    answer = try_it(widget, connection={"workflow_id": f"wf_fail_{status}_no_retry"})
    assert failed(answer) == [step_id]
    assert step(answer, step_id)["todo"]


def test_openai_that_is_away(client, widget, settings):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    answer = try_it(widget)
    assert failed(answer) == ["accepted"]


def test_refused_key_is_not_repeated(client, widget):
    secret = "sk-nobody-knows-this-0001"
    answer = try_it(widget, secrets={"openai_key": secret})
    body = answer.content.decode()
    assert [part for part in (secret, secret[:8], secret[-4:]) if part in body] == []


def test_typed_key_is_tried_and_not_kept(client, widget, upstream):
    upstream.state.keys["sk-another-key-of-alice"] = Key("proj_two", {"wf_two"})
    answer = try_it(widget, connection={"workflow_id": "wf_two"}, secrets={"openai_key": "sk-another-key-of-alice"})
    assert states(answer) == ALL_OK
    stored = widget.credentials.get()
    assert stored.last4 == KEY[-4:]


def test_key_that_is_missing(client, widget, upstream):
    widget.credentials.all().delete()
    answer = try_it(widget)
    assert (failed(answer), upstream.state.received_by("openai")) == (["key"], [])


def test_key_that_does_not_open(client, widget):
    widget.credentials.update(sealed="v1.t1.broken")
    assert failed(try_it(widget)) == ["opens"]


def test_host_that_is_not_on_the_allowlist_is_there_to_copy(client, widget, upstream):
    upstream.state.domains = {"https://other.example.com"}
    answer = try_it(widget)
    assert (failed(answer), step(answer, "domain")["copy"]) == (["domain"], "chat.example.com")
    assert states(answer)["cancelled"] == "ok"


def test_local_host_is_not_checked(client, widget, upstream, settings):
    settings.EMBED_URL = "http://127.0.0.1:8000"
    assert states(try_it(widget))["domain"] == "skipped"


def test_test_does_not_count_against_the_live_chat(client, widget, upstream):
    upstream.state.keys[KEY].workflows.add("wf_fail_503_no_retry")
    for _ in range(10):
        try_it(widget, connection={"workflow_id": "wf_fail_503_no_retry"})
    from chatkit_sessions.openai import breaker  # noqa: PLC0415  - a fresh one for each test

    assert breaker.allows(widget.public_id)


def test_custom_server_works_without_a_thread(client, widget, upstream):
    upstream.state.authorization = "Bearer right"
    answer = try_it(
        widget, connection=custom(upstream), secrets={"chatkit_server": '{"Authorization": "Bearer right"}'}
    )
    found = states(answer)
    assert found.pop("streams") in ("ok", "skipped")
    passed = ["address", "headers", "name", "public", "reach", "auth", "answer"]
    assert found == dict.fromkeys(passed, "ok") | {"tls": "skipped"}
    assert len(upstream.state.custom_threads._threads) == 0


def test_custom_server_that_refuses(client, widget, upstream):
    upstream.state.authorization = "Bearer right"
    answer = try_it(
        widget,
        connection=custom(upstream),
        secrets={"chatkit_server": '{"Authorization": "Bearer wrong-one1"}'},
    )
    assert (failed(answer), "wrong-one1" in answer.content.decode()) == (["auth"], False)


def test_custom_server_that_is_none(client, widget, upstream):
    answer = try_it(widget, connection={"backend": "custom", "url": f"{upstream.url}/cdn/chatkit.js"})
    assert failed(answer) == ["answer"]


def test_custom_server_without_address(client, widget):
    assert failed(try_it(widget, connection={"backend": "custom", "url": ""})) == ["address"]


def test_custom_server_that_is_away(client, widget, settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9"]
    answer = try_it(widget, connection={"backend": "custom", "url": "http://127.0.0.1:9/"})
    assert failed(answer) == ["reach"]
