from django.http import HttpRequest, HttpResponse

from chatkit_sessions.services import start_upstream_session
from core.http import json_response
from embed.gate import admit
from embed.public import public


@public("POST")
async def create_session(request: HttpRequest) -> HttpResponse:
    """→ `{client_secret, expires_at}` (unix seconds). Workflow, key and user come from the server, never from here."""
    admission = await admit(request, widget_type="chatkit")
    session = await start_upstream_session(admission)
    return json_response({"client_secret": session.client_secret.reveal(), "expires_at": session.expires_at})
