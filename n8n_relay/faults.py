"""What an answer of n8n, or of a proxy before it, other than 2xx means."""

from typing import Any

from core.codes import Code

from .answers import is_page, page_text, parse
from .events import RelayError

_BY_STATUS = {
    401: Code.N8N_UNAUTHORIZED,
    403: Code.N8N_UNAUTHORIZED,
    404: Code.N8N_INACTIVE,
    408: Code.UPSTREAM_TIMEOUT,
    413: Code.TOO_LARGE,
    428: Code.N8N_UNAUTHORIZED,  # the trigger asks visitors for n8n accounts of their own
    429: Code.UPSTREAM_ERROR,
    500: Code.N8N_WORKFLOW_FAILED,
    504: Code.UPSTREAM_TIMEOUT,
    # Cloudflare, which is also before n8n Cloud: the server behind it is down, slow or unknown
    521: Code.UPSTREAM_UNREACHABLE,
    522: Code.UPSTREAM_TIMEOUT,
    523: Code.UPSTREAM_UNREACHABLE,
    524: Code.UPSTREAM_TIMEOUT,
    525: Code.UPSTREAM_UNREACHABLE,
    526: Code.UPSTREAM_UNREACHABLE,
    530: Code.UPSTREAM_UNREACHABLE,
}
# n8n answers 500 to much that is no failure of a workflow; only its own sentence tells.
_BY_SENTENCE = {
    "No item to return was found": Code.N8N_NO_ANSWER,
    "Workflow could not be started": Code.N8N_REJECTED,
    "No authentication data defined": Code.N8N_UNAUTHORIZED,
}


def read_fault(status: int, body: bytes) -> RelayError:
    """The error for an answer with a status outside 200 to 299. `body` may be cut short."""
    text = body.decode("utf-8", "replace").strip()
    page = is_page(text)
    said = page_text(text) if page else _sentence(parse(body), text)
    return RelayError(_code(status, page, said), f"HTTP {status}: {said}" if said else f"HTTP {status}")


def _code(status: int, page: bool, said: str) -> Code:
    if status == 500:
        for sentence, code in _BY_SENTENCE.items():
            if sentence in said:
                return code
    if page and status in (403, 500):
        return Code.UPSTREAM_ERROR  # n8n refuses and fails in JSON or plain text: this is a proxy's page
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status < 400:
        return Code.UPSTREAM_MALFORMED  # a redirect, which is never followed
    return Code.N8N_REJECTED if status < 500 else Code.UPSTREAM_ERROR


def _sentence(data: Any, text: str) -> str:
    """n8n's message and hint, or the body as it is."""
    if not isinstance(data, dict):
        return text
    parts = [value for key in ("message", "hint") if isinstance(value := data.get(key), str)]
    return " ".join(parts) or text
