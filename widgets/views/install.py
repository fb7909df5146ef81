from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from widgets.models import Widget
from widgets.snippets import csp_lines, identity_snippets, install_snippets
from widgets.views.scope import chat_url, widget_page, widget_view


@require_safe
@widget_view(Permission.WIDGET_READ)
def install(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    context = {
        "snippets": install_snippets(widget, chat_url(widget)),
        "csp": csp_lines(),
        "identity": identity_snippets(widget),
        "identity_mode": widget.draft.get("visitors", {}).get("identity", "off"),
        "rules": [rule.rule for rule in widget.license.domain_rules.all()],
        "frame_hosts": urlsplit(settings.EMBED_URL).hostname if widget.widget_type == "chatkit" else "",
    }
    return widget_page(request, "widgets/install.html", widget, "install", **context)
