import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import Code
from n8n_relay.events import shorten
from n8n_relay.faults import read_fault


def fault(status: int, body: object) -> tuple[Code, str]:
    error = read_fault(status, body if isinstance(body, bytes) else json.dumps(body).encode())
    return error.code, error.detail


# What n8n itself sends.
@pytest.mark.parametrize(
    ("status", "body", "code", "detail"),
    [
        (
            404,
            {"code": 404, "message": 'The requested webhook "POST w1" is not registered.', "hint": "Activate it."},
            Code.N8N_INACTIVE,
            'HTTP 404: The requested webhook "POST w1" is not registered. Activate it.',
        ),
        (404, b"", Code.N8N_INACTIVE, "HTTP 404"),
        (401, b"Authorization is required!", Code.N8N_UNAUTHORIZED, "HTTP 401: Authorization is required!"),
        (403, b"Authorization data is wrong!", Code.N8N_UNAUTHORIZED, "HTTP 403: Authorization data is wrong!"),
        (
            428,
            {"status": "credential_connections_required"},
            Code.N8N_UNAUTHORIZED,
            'HTTP 428: {"status": "credential_connections_required"}',
        ),
        (
            422,
            {"code": 422, "message": "Failed to parse request body", "hint": None},
            Code.N8N_REJECTED,
            "HTTP 422: Failed to parse request body",
        ),
        (413, {"message": "Too big"}, Code.TOO_LARGE, "HTTP 413: Too big"),
        (500, {"message": "Error in workflow"}, Code.N8N_WORKFLOW_FAILED, "HTTP 500: Error in workflow"),
        (
            500,
            {"code": 0, "message": "There was a problem executing the workflow"},
            Code.N8N_WORKFLOW_FAILED,
            "HTTP 500: There was a problem executing the workflow",
        ),
        (
            500,
            {"code": 0, "message": "No item to return was found"},
            Code.N8N_NO_ANSWER,
            "HTTP 500: No item to return was found",
        ),
        (
            500,
            {"code": 0, "message": "Workflow Webhook Error: Workflow could not be started!"},
            Code.N8N_REJECTED,
            "HTTP 500: Workflow Webhook Error: Workflow could not be started!",
        ),
        (
            500,
            b"No authentication data defined on node!",
            Code.N8N_UNAUTHORIZED,
            "HTTP 500: No authentication data defined on node!",
        ),
        (500, b"", Code.N8N_WORKFLOW_FAILED, "HTTP 500"),
        (503, {"message": "Database is not ready!"}, Code.UPSTREAM_ERROR, "HTTP 503: Database is not ready!"),
    ],
)
def test_read_fault_of_n8n(status: int, body: object, code: Code, detail: str) -> None:
    assert fault(status, body) == (code, detail)


PAGE = b"<html>\r\n<head><title>n8n.example.com | A timeout occurred</title></head><body>...</body></html>"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        *((301, Code.UPSTREAM_MALFORMED), (302, Code.UPSTREAM_MALFORMED), (304, Code.UPSTREAM_MALFORMED)),
        *((400, Code.N8N_REJECTED), (401, Code.N8N_UNAUTHORIZED), (403, Code.UPSTREAM_ERROR)),
        *((404, Code.N8N_INACTIVE), (405, Code.N8N_REJECTED), (408, Code.UPSTREAM_TIMEOUT), (429, Code.UPSTREAM_ERROR)),
        *((500, Code.UPSTREAM_ERROR), (502, Code.UPSTREAM_ERROR), (503, Code.UPSTREAM_ERROR)),
        *((504, Code.UPSTREAM_TIMEOUT), (520, Code.UPSTREAM_ERROR), (521, Code.UPSTREAM_UNREACHABLE)),
        *((522, Code.UPSTREAM_TIMEOUT), (523, Code.UPSTREAM_UNREACHABLE), (524, Code.UPSTREAM_TIMEOUT)),
        *((525, Code.UPSTREAM_UNREACHABLE), (526, Code.UPSTREAM_UNREACHABLE), (530, Code.UPSTREAM_UNREACHABLE)),
    ],
)
def test_read_fault_of_a_proxy(status: int, code: Code) -> None:
    assert fault(status, PAGE) == (code, f"HTTP {status}: n8n.example.com | A timeout occurred")


@given(st.integers(100, 599).filter(lambda status: status // 100 != 2), st.binary())
def test_read_fault_any_body_has_a_code_and_a_short_detail(status: int, body: bytes) -> None:
    error = read_fault(status, body)
    assert isinstance(error.code, Code)
    assert error.detail.startswith(f"HTTP {status}")
    assert len(error.detail) <= 500


def test_shorten_one_line_of_500_characters() -> None:
    assert shorten(" a\n b\t c ") == "a b c"
    assert shorten("x" * 500) == "x" * 500
    assert shorten("x" * 501) == "x" * 499 + "…"
