"""The closed list of what can go wrong on the public paths.

A visitor reads `say`, one plain sentence; the widget's owner reads `mean`, the true cause and what to do; machines read
the code. No other module invents a code.
"""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    # Admission, in the order in which it is decided
    WIDGET_NOT_FOUND = "widget_not_found"
    WIDGET_DISABLED = "widget_disabled"
    WIDGET_UNPUBLISHED = "widget_unpublished"
    CONFIGURATION_OUTDATED = "configuration_outdated"
    LICENSE_UNASSIGNED = "license_unassigned"
    LICENSE_REVOKED = "license_revoked"
    ORGANIZATION_SUSPENDED = "organization_suspended"
    LICENSE_SUSPENDED = "license_suspended"
    LICENSE_NOT_STARTED = "license_not_started"
    LICENSE_EXPIRED = "license_expired"
    ENTITLEMENT_MISSING = "entitlement_missing"
    TOKEN_INVALID = "token_invalid"  # noqa: S105
    TOKEN_EXPIRED = "token_expired"  # noqa: S105
    TOKEN_WIDGET_MISMATCH = "token_widget_mismatch"  # noqa: S105
    REQUEST_NOT_SAME_ORIGIN = "request_not_same_origin"
    DOMAIN_LIST_EMPTY = "domain_list_empty"
    ORIGIN_MISSING = "origin_missing"
    ORIGIN_OPAQUE = "origin_opaque"
    ORIGIN_MALFORMED = "origin_malformed"
    ORIGIN_TRAILING_DOT = "origin_trailing_dot"
    ORIGIN_INSECURE = "origin_insecure"
    DOMAIN_NOT_ALLOWED = "domain_not_allowed"
    IDENTITY_REQUIRED = "identity_required"
    IDENTITY_INVALID = "identity_invalid"
    IDENTITY_EXPIRED = "identity_expired"
    RATE_LIMITED = "rate_limited"
    QUOTA_EXCEEDED = "quota_exceeded"
    CREDENTIAL_MISSING = "credential_missing"
    CREDENTIAL_UNREADABLE = "credential_unreadable"
    # The request itself
    BAD_REQUEST = "bad_request"
    TOO_LARGE = "too_large"
    FILE_REFUSED = "file_refused"
    NOT_FOUND = "not_found"
    # OpenAI
    OPENAI_BAD_REQUEST = "openai_bad_request"
    OPENAI_INVALID_KEY = "openai_invalid_key"
    OPENAI_FORBIDDEN = "openai_forbidden"
    OPENAI_WORKFLOW_NOT_FOUND = "openai_workflow_not_found"
    OPENAI_BUSY = "openai_busy"
    # A ChatKit server of the tenant's own
    BACKEND_REJECTED = "backend_rejected"
    # n8n
    N8N_INACTIVE = "n8n_inactive"
    N8N_UNAUTHORIZED = "n8n_unauthorized"
    N8N_REJECTED = "n8n_rejected"
    N8N_WORKFLOW_FAILED = "n8n_workflow_failed"
    N8N_NO_ANSWER = "n8n_no_answer"
    N8N_UNSUPPORTED = "n8n_unsupported"
    # Any upstream
    UPSTREAM_TIMEOUT = "upstream_timeout"
    UPSTREAM_UNREACHABLE = "upstream_unreachable"
    UPSTREAM_ERROR = "upstream_error"
    UPSTREAM_MALFORMED = "upstream_malformed"
    UPSTREAM_PAUSED = "upstream_paused"
    # Ours
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal_error"


@dataclass(frozen=True, slots=True)
class Meaning:
    status: int  # HTTP
    say: str  # to the visitor
    mean: str  # to the owner: the cause, then what to do


_UNAVAILABLE = "This chat is not available at the moment."
_NOT_HERE = "This chat is not set up for this website."
_RELOAD = "This chat has been open for a while. Please reload the page."
_BUSY = "The assistant cannot be reached right now. Please try again in a moment."
_SIGN_IN = "Please sign in again to use this chat."

MEANINGS: dict[Code, Meaning] = {
    Code.WIDGET_NOT_FOUND: Meaning(
        404, _UNAVAILABLE, "No such widget or licence. Copy the tag again from the widget's Install page."
    ),
    Code.WIDGET_DISABLED: Meaning(403, _UNAVAILABLE, "The widget is switched off. Switch it on in its settings."),
    Code.WIDGET_UNPUBLISHED: Meaning(
        403, _UNAVAILABLE, "The widget has never been published. Press Publish in the configurator."
    ),
    Code.CONFIGURATION_OUTDATED: Meaning(
        503,
        _UNAVAILABLE,
        "The published version does not fit this release. Open the widget, save and publish it again.",
    ),
    Code.LICENSE_UNASSIGNED: Meaning(403, _UNAVAILABLE, "The licence is not assigned to an organization yet."),
    Code.LICENSE_REVOKED: Meaning(403, _UNAVAILABLE, "The licence was revoked. Ask whoever issued it for a new one."),
    Code.ORGANIZATION_SUSPENDED: Meaning(403, _UNAVAILABLE, "The organization is suspended. Contact support."),
    Code.LICENSE_SUSPENDED: Meaning(403, _UNAVAILABLE, "The licence is suspended. Contact whoever issued it."),
    Code.LICENSE_NOT_STARTED: Meaning(403, _UNAVAILABLE, "The licence has not started yet. See its start date."),
    Code.LICENSE_EXPIRED: Meaning(403, _UNAVAILABLE, "The licence has expired. Renew it to bring the chat back."),
    Code.ENTITLEMENT_MISSING: Meaning(
        403, _UNAVAILABLE, "The plan does not include this kind of widget. Change the plan."
    ),
    Code.TOKEN_INVALID: Meaning(401, _RELOAD, "The page token is missing or not ours. Open the chat through the tag."),
    Code.TOKEN_EXPIRED: Meaning(401, _RELOAD, "The page token has expired. The chat reloads itself once."),
    Code.TOKEN_WIDGET_MISMATCH: Meaning(401, _RELOAD, "The token belongs to another widget."),
    Code.REQUEST_NOT_SAME_ORIGIN: Meaning(
        403, _UNAVAILABLE, "The request did not come from the chat's own page. Only the chat frame may call this."
    ),
    Code.DOMAIN_LIST_EMPTY: Meaning(
        403, _NOT_HERE, "No domain is allowed yet. Add this website under the licence's Domains."
    ),
    Code.ORIGIN_MISSING: Meaning(403, _NOT_HERE, "The browser did not say which website embeds the chat."),
    Code.ORIGIN_OPAQUE: Meaning(
        403, _NOT_HERE, "The page is sandboxed or a local file and has no domain. Open it from a web server."
    ),
    Code.ORIGIN_MALFORMED: Meaning(403, _NOT_HERE, "The website's address is not one that a browser sends."),
    Code.ORIGIN_TRAILING_DOT: Meaning(
        403, _NOT_HERE, "The website was opened with a dot behind its name. Open it without."
    ),
    Code.ORIGIN_INSECURE: Meaning(403, _NOT_HERE, "The domain is allowed for https, the page was opened with http."),
    Code.DOMAIN_NOT_ALLOWED: Meaning(
        403, _NOT_HERE, "This website is not on the licence's list. Add it under Domains, or remove the tag."
    ),
    Code.IDENTITY_REQUIRED: Meaning(
        401, _SIGN_IN, "This widget only serves identified visitors. Call Chatdock.identify(token) first."
    ),
    Code.IDENTITY_INVALID: Meaning(
        401, _SIGN_IN, "The identity token is not valid: check the secret, HS256, `aud` (the widget id) and `sub`."
    ),
    Code.IDENTITY_EXPIRED: Meaning(401, _SIGN_IN, "The identity token has expired. Issue a new one, at most an hour."),
    Code.RATE_LIMITED: Meaning(
        429, "That was a little fast. Please wait a moment.", "A rate limit was reached. Nothing to do if it is rare."
    ),
    Code.QUOTA_EXCEEDED: Meaning(
        403,
        "This chat has reached its limit for now. Please try again later.",
        "The plan's limit is used up. Upgrade, or wait for the reset.",
    ),
    Code.CREDENTIAL_MISSING: Meaning(503, _UNAVAILABLE, "No key is stored for this widget. Add it under Connection."),
    Code.CREDENTIAL_UNREADABLE: Meaning(
        503, _UNAVAILABLE, "The stored key cannot be opened. Enter it again; operators: check SEALING_KEYS."
    ),
    Code.BAD_REQUEST: Meaning(400, "That could not be sent. Please try again.", "The request was not understood."),
    Code.TOO_LARGE: Meaning(413, "That is too large to send.", "The request exceeds the size limit."),
    Code.FILE_REFUSED: Meaning(
        400, "This file cannot be sent here.", "The file's kind, size or number is outside the widget's settings."
    ),
    Code.NOT_FOUND: Meaning(404, "There is nothing here.", "There is nothing at this address."),
    Code.OPENAI_BAD_REQUEST: Meaning(
        502, _BUSY, "OpenAI refused the session's settings. Read its message beside this one and correct them."
    ),
    Code.OPENAI_INVALID_KEY: Meaning(502, _UNAVAILABLE, "OpenAI refused the API key. Store a valid one."),
    Code.OPENAI_FORBIDDEN: Meaning(
        502, _UNAVAILABLE, "The API key may not use ChatKit. Check its permissions and project at OpenAI."
    ),
    Code.OPENAI_WORKFLOW_NOT_FOUND: Meaning(
        502,
        _UNAVAILABLE,
        "OpenAI does not know this workflow for this key: the id is wrong, or the key belongs to another project.",
    ),
    Code.OPENAI_BUSY: Meaning(503, _BUSY, "OpenAI limits this key at the moment. It passes, or needs a higher tier."),
    Code.BACKEND_REJECTED: Meaning(
        502, _BUSY, "Your ChatKit server refused the request. Check its address and the headers stored here."
    ),
    Code.N8N_INACTIVE: Meaning(
        502,
        _UNAVAILABLE,
        "n8n knows no active workflow at this URL. Activate it; use the production URL, not the test one.",
    ),
    Code.N8N_UNAUTHORIZED: Meaning(
        502, _UNAVAILABLE, "n8n refused the credentials. Store the ones its trigger asks for."
    ),
    Code.N8N_REJECTED: Meaning(502, _BUSY, "n8n could not read the message. Check the trigger and the field names."),
    Code.N8N_WORKFLOW_FAILED: Meaning(
        502, "The assistant ran into a problem. Please try again.", "The workflow failed. See its executions in n8n."
    ),
    Code.N8N_NO_ANSWER: Meaning(
        502,
        "The assistant did not answer. Please try again.",
        "The workflow ended without an answer. Its last node must return `output`, `text` or `message`; "
        "with streaming on, a node must stream.",
    ),
    Code.N8N_UNSUPPORTED: Meaning(
        502, _UNAVAILABLE, "The workflow answers with the Chat node, which n8n serves in its own hosted page only."
    ),
    Code.UPSTREAM_TIMEOUT: Meaning(504, _BUSY, "The other side did not answer in time."),
    Code.UPSTREAM_UNREACHABLE: Meaning(
        502, _BUSY, "The other side could not be reached: check its address, DNS and certificate; it must be public."
    ),
    Code.UPSTREAM_ERROR: Meaning(502, _BUSY, "The other side failed. Its status page or logs tell why."),
    Code.UPSTREAM_MALFORMED: Meaning(502, _BUSY, "The other side sent an answer that cannot be understood."),
    Code.UPSTREAM_PAUSED: Meaning(
        503, _BUSY, "Too many failures in a row: calls are paused for some seconds to let the other side recover."
    ),
    Code.UNAVAILABLE: Meaning(
        503,
        "The chat is not available right now. Please try again in a moment.",
        "Our database is away. Chats that run go on, new ones can start when it is back. Operators: see the log.",
    ),
    Code.INTERNAL: Meaning(
        500, "Something went wrong on our side. Please try again.", "An error of ours; it is logged."
    ),
}
