"""The API's description, for machines and for people, and the answer to every address it does not have."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from accounts.api.base import ApiView
from accounts.apitokens import Scope
from accounts.events import EVENTS
from config.api_docs import groups
from config.api_schema import openapi, openapi_json
from core.api import CODES


@method_decorator(login_not_required, name="dispatch")
class Schema(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(openapi_json(), content_type="application/vnd.oai.openapi+json")


@method_decorator(login_not_required, name="dispatch")
class Docs(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "groups": groups(openapi(), settings.DASHBOARD_URL),
            "scopes": list(Scope),
            "codes": CODES.items(),
            "events": EVENTS.items(),
            "calls": settings.RATE_LIMITS["api"][0],
            "first_call": f'curl -H "Authorization: Bearer cdt_…" {settings.DASHBOARD_URL}/api/v1/licenses/',
        }
        return render(request, "config/api_docs.html", context)


class Nothing(ApiView):
    schema = None

    def check_permissions(self, request: Request) -> None:
        if not request.user.is_authenticated:
            self.permission_denied(request)
        raise NotFound("There is nothing at this address. Addresses end with a slash.")
