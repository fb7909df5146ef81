import base64
import json
import time
from typing import Any

import httpx
import pytest

from tests.fakes.serve import Served

SESSIONS = "/openai/v1/chatkit/sessions"
HEADERS = {"Authorization": "Bearer sk-demo-1", "OpenAI-Beta": "chatkit_beta=v1"}
GOOD: dict[str, Any] = {"user": "u1", "workflow": {"id": "wf_demo"}}


def create(http: httpx.Client, body: Any = GOOD, **headers: str) -> httpx.Response:
    return http.post(SESSIONS, json=body, headers=HEADERS | headers)


def error_of(answer: httpx.Response) -> tuple[int, str, str | None, str | None]:
    error = answer.json()["error"]
    assert error["type"] == "invalid_request_error"
    return answer.status_code, error["message"], error["param"], error["code"]


def test_session_has_every_key_of_the_resource(http: httpx.Client) -> None:
    answer = create(http)

    session = answer.json()
    assert answer.status_code == 200
    assert answer.headers["x-request-id"].startswith("req_")
    assert session["id"].startswith("cksess_")
    assert 598 <= session["expires_at"] - time.time() <= 600
    del session["id"], session["client_secret"], session["expires_at"]
    assert session == {
        "object": "chatkit.session",
        "user": "u1",
        "status": "active",
        "max_requests_per_1_minute": 10,
        "rate_limits": {"max_requests_per_1_minute": 10},
        "workflow": {"id": "wf_demo", "version": None, "state_variables": None, "tracing": {"enabled": True}},
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": True},
            "file_upload": {"enabled": False, "max_file_size": None, "max_files": None},
            "history": {"enabled": True, "recent_threads": None},
        },
    }


def test_session_repeats_what_was_asked_for(http: httpx.Client) -> None:
    body = {
        "user": "u1",
        "workflow": {
            "id": "wf_demo",
            "version": "latest",
            "state_variables": {"name": "alice", "age": 7, "vip": True, "score": 0.5},
            "tracing": {"enabled": False},
        },
        "expires_after": {"anchor": "created_at", "seconds": 60},
        "rate_limits": {"max_requests_per_1_minute": 30},
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": False},
            "file_upload": {"enabled": True, "max_file_size": 5},
            "history": {"enabled": False, "recent_threads": 3},
        },
    }

    session = create(http, body).json()

    assert session["workflow"] == body["workflow"]
    assert session["rate_limits"] == body["rate_limits"]
    assert session["max_requests_per_1_minute"] == 30
    assert 58 <= session["expires_at"] - time.time() <= 60
    assert session["chatkit_configuration"] == {
        "automatic_thread_titling": {"enabled": False},
        "file_upload": {"enabled": True, "max_file_size": 5, "max_files": 10},
        "history": {"enabled": False, "recent_threads": 3},
    }


@pytest.mark.parametrize(
    ("workflow", "version", "more"), [("wf_demo", "00", {}), ("wf_demo_v01", "01", {"data_locality": "US"})]
)
def test_client_secret_has_the_format_that_the_browser_parses(
    http: httpx.Client, workflow: str, version: str, more: dict[str, str]
) -> None:
    session = create(http, {"user": "u1", "workflow": {"id": workflow}}).json()

    claims = session["client_secret"].rpartition("_")[2]
    assert claims[:2] == version
    assert json.loads(base64.b64decode(claims[2:])) == {"expires_at": session["expires_at"]} | more


@pytest.mark.parametrize(
    ("body", "message", "param", "code"),
    [
        ({"workflow": {"id": "w"}}, "Missing required parameter: 'user'.", "user", "missing_required_parameter"),
        (
            GOOD | {"user": {}},
            "Invalid type for 'user': expected a string, but got an object instead.",
            "user",
            "invalid_type",
        ),
        (
            GOOD | {"user": ""},
            "Invalid 'user': empty string. Expected a string with minimum length 1, but got an empty string instead.",
            "user",
            "empty_string",
        ),
        ({"user": "u"}, "Missing required parameter: 'workflow'.", "workflow", "missing_required_parameter"),
        (
            {"user": "u", "workflow": {}},
            "Missing required parameter: 'workflow.id'.",
            "workflow.id",
            "missing_required_parameter",
        ),
        (
            {"user": "u", "workflow": "wf_demo"},
            "Invalid type for 'workflow': expected an object, but got a string instead.",
            "workflow",
            "invalid_type",
        ),
        (GOOD | {"metadata": {}}, "Unknown parameter: 'metadata'.", "metadata", "unknown_parameter"),
        (
            {"user": "u", "workflow": {"id": "w", "name": "x"}},
            "Unknown parameter: 'workflow.name'.",
            "workflow.name",
            "unknown_parameter",
        ),
        (
            {"user": "u", "workflow": {"id": "w", "state_variables": {"a": None}}},
            "Invalid type for 'workflow.state_variables.a': expected a string, number or boolean, "
            "but got null instead.",
            "workflow.state_variables.a",
            "invalid_type",
        ),
        (
            GOOD | {"expires_after": {"seconds": 60}},
            "Missing required parameter: 'expires_after.anchor'.",
            "expires_after.anchor",
            "missing_required_parameter",
        ),
        (
            GOOD | {"expires_after": {"anchor": "last_active_at", "seconds": 60}},
            "Invalid value: 'last_active_at'. Supported values are: 'created_at'.",
            "expires_after.anchor",
            "invalid_value",
        ),
        (
            GOOD | {"expires_after": {"anchor": "created_at", "seconds": 601}},
            "Invalid 'expires_after.seconds': integer above maximum value. "
            "Expected a value <= 600, but got 601 instead.",
            "expires_after.seconds",
            "integer_above_max_value",
        ),
        (
            GOOD | {"expires_after": {"anchor": "created_at", "seconds": 0}},
            "Invalid 'expires_after.seconds': integer below minimum value. Expected a value >= 1, but got 0 instead.",
            "expires_after.seconds",
            "integer_below_min_value",
        ),
        (
            GOOD | {"expires_after": None},
            "Invalid type for 'expires_after': expected an object, but got null instead.",
            "expires_after",
            "invalid_type",
        ),
        (
            GOOD | {"rate_limits": {"max_requests_per_1_minute": True}},
            "Invalid type for 'rate_limits.max_requests_per_1_minute': expected an integer, but got a boolean instead.",
            "rate_limits.max_requests_per_1_minute",
            "invalid_type",
        ),
        (
            GOOD | {"chatkit_configuration": {"file_upload": {"max_file_size": 513}}},
            "Invalid 'chatkit_configuration.file_upload.max_file_size': integer above maximum value. "
            "Expected a value <= 512, but got 513 instead.",
            "chatkit_configuration.file_upload.max_file_size",
            "integer_above_max_value",
        ),
        (
            GOOD | {"chatkit_configuration": {"history": {"recent_threads": 0}}},
            "Invalid 'chatkit_configuration.history.recent_threads': integer below minimum value. "
            "Expected a value >= 1, but got 0 instead.",
            "chatkit_configuration.history.recent_threads",
            "integer_below_min_value",
        ),
    ],
)
def test_session_with_a_bad_body_is_refused(http: httpx.Client, body: Any, message: str, param: str, code: str) -> None:
    assert error_of(create(http, body)) == (400, message, param, code)


def test_session_refuses_too_many_and_too_long_state_variables(http: httpx.Client) -> None:
    many = {"user": "u", "workflow": {"id": "w", "state_variables": {str(n): n for n in range(65)}}}
    long_name = {"user": "u", "workflow": {"id": "w", "state_variables": {"n" * 65: 1}}}

    assert [error_of(create(http, body))[3] for body in (many, long_name)] == [
        "object_above_max_properties",
        "property_name_above_max_length",
    ]


def test_session_with_a_body_that_is_not_json_is_refused(http: httpx.Client) -> None:
    answer = http.post(SESSIONS, content="{", headers=HEADERS)

    assert error_of(answer) == (400, "We could not parse the JSON body of your request.", None, None)


@pytest.mark.parametrize("beta", ["", "assistants=v2", "chatkit_beta=v2"])
def test_session_without_the_beta_header_is_refused(http: httpx.Client, beta: str) -> None:
    status, _, param, code = error_of(create(http, **{"OpenAI-Beta": beta}))

    assert (status, param, code) == (400, None, "invalid_beta")


def test_session_without_a_key_is_refused(http: httpx.Client) -> None:
    status, message, _, code = error_of(create(http, Authorization=""))

    assert (status, code) == (401, None)
    assert message.startswith("You didn't provide an API key.")


def test_session_with_a_wrong_key_is_refused_with_a_fragment_of_it(http: httpx.Client) -> None:
    status, message, _, code = error_of(create(http, Authorization="Bearer sk-proj-abcdefgh1234"))

    assert (status, code) == (401, "invalid_api_key")
    assert message.startswith("Incorrect API key provided: sk-proj-********1234.")


def test_session_for_a_workflow_of_another_project_is_not_found(http: httpx.Client) -> None:
    keys = {
        "sk-a": {"project": "proj_a", "workflows": ["wf_a"]},
        "sk-b": {"project": "proj_b", "workflows": ["wf_b"]},
    }
    http.post("/_control/configure", json={"keys": keys})
    body = {"user": "u", "workflow": {"id": "wf_a"}}

    assert create(http, body, Authorization="Bearer sk-a").status_code == 200
    other = create(http, body, Authorization="Bearer sk-b")
    assert error_of(other) == (404, "Workflow with id 'wf_a' not found.", None, None)


@pytest.mark.parametrize(
    ("name", "status", "kind", "code"),
    [
        ("401", 401, "invalid_request_error", "invalid_api_key"),
        ("403", 403, "invalid_request_error", None),
        ("404", 404, "invalid_request_error", None),
        ("408", 408, "timeout", None),
        ("409", 409, "conflict_error", None),
        ("429", 429, "requests", "rate_limit_exceeded"),
        ("500", 500, "server_error", None),
        ("503", 503, "service_unavailable_error", None),
    ],
)
def test_magic_keys_and_workflows_fail(http: httpx.Client, name: str, status: int, kind: str, code: str | None) -> None:
    by_key = create(http, Authorization=f"Bearer sk-fail-{name}")
    by_workflow = create(http, {"user": "u", "workflow": {"id": f"wf_fail_{name}"}})

    for answer in (by_key, by_workflow):
        error = answer.json()["error"]
        assert (answer.status_code, error["type"], error["code"]) == (status, kind, code)


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [
        ("429_after_7", "retry-after", "7"),
        ("429_ms_250", "retry-after-ms", "250"),
        ("500_no_retry", "x-should-retry", "false"),
        ("400_retry", "x-should-retry", "true"),
    ],
)
def test_magic_workflows_send_retry_headers(http: httpx.Client, name: str, header: str, value: str) -> None:
    answer = create(http, {"user": "u", "workflow": {"id": f"wf_fail_{name}"}})

    assert answer.status_code == int(name[:3])
    assert answer.headers[header] == value


def test_magic_workflows_break_the_connection_the_json_or_the_shape(http: httpx.Client) -> None:
    def fail(name: str) -> httpx.Response:
        return create(http, {"user": "u", "workflow": {"id": f"wf_fail_{name}"}})

    with pytest.raises(httpx.TransportError):
        fail("reset")
    with pytest.raises(httpx.ReadTimeout):
        http.post(SESSIONS, json={"user": "u", "workflow": {"id": "wf_fail_hang"}}, headers=HEADERS, timeout=0.2)
    with pytest.raises(ValueError, match="Expecting value"):
        fail("junk").json()
    assert fail("junk").status_code == 200
    assert fail("no_secret").json() == {"id": "cksess_none", "object": "chatkit.session", "status": "active"}
    start = time.monotonic()
    assert fail("slow_0.2").status_code == 404
    assert time.monotonic() - start >= 0.2


def test_cancelled_session_is_marked_and_its_secret_stops_working(http: httpx.Client) -> None:
    session = create(http).json()
    bearer = {"Authorization": f"Bearer {session['client_secret']}"}
    listing = {"type": "threads.list", "params": {}}
    assert http.post("/openai/v1/chatkit/conversation", json=listing, headers=bearer).status_code == 200

    cancelled = http.post(f"{SESSIONS}/{session['id']}/cancel", headers=HEADERS)

    assert cancelled.json() == session | {"status": "cancelled"}
    assert http.post("/openai/v1/chatkit/conversation", json=listing, headers=bearer).status_code == 401


def test_cancelling_an_unknown_session_is_not_found(http: httpx.Client) -> None:
    answer = http.post(f"{SESSIONS}/cksess_x/cancel", headers=HEADERS)

    assert error_of(answer) == (404, "Chatkit Session with id \u2018cksess_x\u2019 not found.", None, None)


def test_unknown_path_is_an_invalid_url(http: httpx.Client) -> None:
    assert error_of(http.post("/openai/v1/chat", headers=HEADERS)) == (404, "Invalid URL (POST /v1/chat)", None, None)


def test_key_calls_get_no_cors_headers(http: httpx.Client) -> None:
    assert [name for name in create(http, Origin="https://shop.test").headers if "access-control" in name] == []


def test_hosted_domain_check_reads_the_allowlist(http: httpx.Client, fakes: Served) -> None:
    bearer = {"Authorization": f"Bearer {create(http).json()['client_secret']}"}
    path = "/openai/v1/chatkit/domain_keys/verify_hosted"
    body = {"referrer_origin": "https://widgets.test"}

    assert http.post(path, json=body, headers={"Authorization": "Bearer"}).status_code == 401
    assert http.post(path, json=body, headers=bearer).json() == {"verified": True}
    fakes.state.domains = {"https://other.test"}
    assert http.post(path, json=body, headers=bearer).json() == {"verified": False}


def test_custom_domain_check_wants_a_key_and_no_authorization(http: httpx.Client) -> None:
    path = "/openai/v1/chatkit/domain_keys/verify"
    body = {"referrer_origin": "https://widgets.test", "domain_key": "domain_pk_1"}

    assert http.post(path, json=body).json() == {"verified": True}
    assert http.post(path, json={"referrer_origin": "https://widgets.test"}).status_code == 400
