"""What only ChatKit's own frame calls: the conversation and the domain check.

The real frame is a page of OpenAI's origin and calls OpenAI. The stand-in element lives in the embedding page and calls
from there, hence the CORS headers. What takes an API key gets none: no browser may call it.
"""

from aiohttp import web

from tests.fakes import protocol
from tests.fakes.observe import BODY, Refusal
from tests.fakes.openai_auth import bearer, require_session
from tests.fakes.openai_rules import error_response
from tests.fakes.state import STATE, Session

_PATHS = ("/chatkit/conversation", "/chatkit/domain_keys/verify_hosted", "/chatkit/domain_keys/verify")
_ALLOWED = "authorization, content-type, accept, chatkit-frame-instance-id, chatkit-device-id"


def add_routes(app: web.Application) -> None:
    app.router.add_post("/chatkit/conversation", converse)
    app.router.add_post("/chatkit/domain_keys/verify_hosted", verify_hosted)
    app.router.add_post("/chatkit/domain_keys/verify", verify)
    for path in _PATHS:
        app.router.add_options(path, _preflight)
    app.on_response_prepare.append(_add_cors)


async def converse(request: web.Request) -> web.StreamResponse:
    session = require_session(request)
    state = request.config_dict[STATE]
    configuration = session.answer["chatkit_configuration"]
    history = configuration["history"]
    return await protocol.answer(
        request,
        protocol.Conversation(
            threads=state.hosted_threads,
            owner=(session.project, session.answer["user"]),
            token_pause=state.token_pause,
            titled=configuration["automatic_thread_titling"]["enabled"],
            listed=history["recent_threads"] if history["enabled"] else 0,
        ),
    )


async def verify_hosted(request: web.Request) -> web.Response:
    """Is the page's origin on the allowlist of the organisation whose key made this client secret?"""
    session: Session | None = request.config_dict[STATE].secrets.get(bearer(request))
    if session is None:
        raise Refusal(error_response(401, "Unauthorized"))
    return _verified(request)


async def verify(request: web.Request) -> web.Response:
    """The same for a custom backend: no Authorization, the domain key names the organisation."""
    if not isinstance(request[BODY], dict) or not request[BODY].get("domain_key"):
        raise Refusal(error_response(400, "Missing required parameter: 'domain_key'.", param="domain_key"))
    return _verified(request)


def _verified(request: web.Request) -> web.Response:
    body = request[BODY]
    if not isinstance(body, dict) or not isinstance(body.get("referrer_origin"), str):
        raise Refusal(error_response(400, "Missing required parameter: 'referrer_origin'.", param="referrer_origin"))
    domains = request.config_dict[STATE].domains
    return web.json_response({"verified": domains is None or body["referrer_origin"] in domains})


async def _preflight(_: web.Request) -> web.Response:
    return web.Response(status=204)


async def _add_cors(request: web.Request, response: web.StreamResponse) -> None:
    if request.path.endswith(_PATHS):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = _ALLOWED
        response.headers["Access-Control-Allow-Private-Network"] = "true"
