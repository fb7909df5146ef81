from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.calls import PageQuery, call
from accounts.apitokens import Scope
from core.api import Conflict
from core.codes import Code
from licenses.api.base import LicenseView
from licenses.api.errors import answering
from licenses.api.shown import DomainsAdded, DomainShown, LocalhostShown
from licenses.api.taken import Localhost, NewDomains
from licenses.authority import speaking_for
from licenses.domains import Rule, RuleError, parse_rule
from licenses.models import HTTPS, License
from licenses.seen import domains_of
from licenses.services import add_domains, remove_domain, set_allow_localhost

READ, WRITE = Scope.LICENSES_READ, Scope.DOMAINS_WRITE
IN_POOL = {409: "The licence belongs to nobody yet."}


class DomainView(LicenseView):
    tag = "Domains"

    def held_license(self, license_id: str) -> License:
        license = self.license(license_id)
        if license.organization_id is None:
            raise Conflict("The licence belongs to nobody yet. Assign it first.", Code.LICENSE_UNASSIGNED)
        return license


class Domains(DomainView):
    @call("List domains", READ, query=PageQuery, gives=DomainShown)
    def get(self, request: Request, license_id: str) -> Response:
        """The websites on which the licence's widgets may appear. None: nowhere."""
        return self.page(domains_of(self.license(license_id)), DomainShown)

    @call("Add domains", WRITE, takes=NewDomains, gives=DomainsAdded, status=201, refuses=IN_POOL)
    def post(self, request: Request, license_id: str) -> Response:
        """All of them, or none. Those on the list already are no error."""
        license, entries = self.held_license(license_id), self.body()["domains"]
        with answering():
            added = add_domains(actor=speaking_for(self.caller.membership), license=license, rules=_parsed(entries))
        return Response({"data": DomainShown(added, many=True).data}, status=201)


class OneDomain(DomainView):
    @call("Remove a domain", WRITE, status=204)
    def delete(self, request: Request, license_id: str, domain: str) -> Response:
        """The chat no longer appears there, within seconds."""
        license = self.license(license_id)
        try:
            rule = parse_rule(domain)
        except RuleError:
            raise Http404 from None
        port = HTTPS if rule.port is None else rule.port
        row = get_object_or_404(domains_of(license), host=rule.host, wildcard=rule.wildcard, port=port)
        remove_domain(actor=speaking_for(self.caller.membership), rule=row)
        return Response(status=204)


class LocalhostAllowed(DomainView):
    @call("Allow localhost", WRITE, takes=Localhost, gives=LocalhostShown, refuses=IN_POOL)
    def put(self, request: Request, license_id: str) -> Response:
        """Whether pages on localhost and 127.0.0.1 may show the chat, for development."""
        license, allowed = self.held_license(license_id), self.body()["allowed"]
        changed = set_allow_localhost(actor=speaking_for(self.caller.membership), license=license, allowed=allowed)
        return Response(LocalhostShown(changed).data)


def _parsed(entries: list[str]) -> list[Rule]:
    rules: list[Rule] = []
    wrong: dict[str, Any] = {}
    for entry in entries:
        try:
            rules.append(parse_rule(entry))
        except RuleError as error:
            wrong[entry] = [error.message]
    if wrong:
        raise ValidationError({"domains": wrong})
    return rules
