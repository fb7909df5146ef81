"""What to paste where, for every platform."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.brands import embed_url
from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from licenses.domains import Rule, RuleSet
from widgets.forms import InstallForm, LookForm
from widgets.models import Widget
from widgets.snippets import (
    PLATFORMS,
    Embed,
    Guide,
    Mode,
    Platform,
    csp_lines,
    identity_snippets,
    make_embed,
)
from widgets.views.scope import chat_url, widget_page, widget_view


@dataclass(frozen=True, slots=True)
class Shown:
    platform: Platform
    guide: Guide
    mail: str  # a mailto: address with steps and code


@require_safe
@widget_view(Permission.WIDGET_READ)
def install(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    form = InstallForm(request.GET)
    embed = make_embed(widget, chat_url(widget), form.options())
    rules = [rule.rule for rule in widget.license.domain_rules.all()]
    sites = [_example(rule) for rule in sorted(rules, key=lambda rule: rule.wildcard)]
    context = {
        "form": form,
        "mode": embed.mode,
        "modes": list(Mode),
        "platforms": [_shown(platform, embed) for platform in PLATFORMS if embed.mode in platform.modes],
        "elsewhere": [(each, each.modes[0]) for each in PLATFORMS if embed.mode not in each.modes],
        "csp": csp_lines(widget),
        "identity": identity_snippets(widget),
        "identity_mode": widget.draft.get("visitors", {}).get("identity", "off"),
        "rules": rules,
        "can_check": Permission.WIDGET_EDIT in request.permissions and (rules or widget.license.allow_localhost),
        "look": LookForm(initial={"address": sites[0]} if sites else {}, rules=RuleSet(rules)),
        "frame_host": urlsplit(embed_url(request.organization)).hostname,
    }
    return widget_page(request, "widgets/install.html", widget, "install", **context)


def _example(rule: Rule) -> str:
    """The address of a page on such a site."""
    port = f":{rule.port}" if isinstance(rule.port, int) else ""
    return f"https://{'www.' if rule.wildcard else ''}{rule.host}{port}/"


@require_safe
@widget_view(Permission.WIDGET_READ)
def install_file(request: OrganizationRequest, widget: Widget, platform_id: str) -> HttpResponse:
    """The code of one platform as a download, with the options of the page."""
    platform = next((known for known in PLATFORMS if known.id == platform_id), None)
    embed = make_embed(widget, chat_url(widget), InstallForm(request.GET).options())
    if platform is None or embed.mode not in platform.modes:
        raise Http404
    file = platform.guide(embed).file
    response = HttpResponse(file.code + "\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file.name.rpartition("/")[2]}"'
    return response


def _shown(platform: Platform, embed: Embed) -> Shown:
    guide = platform.guide(embed)
    steps = [f"{number}. {step}" for number, step in enumerate(guide.steps, 1)]
    intro = f"This puts our chat on the website ({platform.label})."
    body = "\r\n".join([intro, "", *steps, "", f"{guide.file.name}:", "", *guide.file.code.split("\n")])
    return Shown(platform, guide, f"mailto:?subject={quote('The chat for our website')}&body={quote(body)}")
