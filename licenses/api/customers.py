from django.db import transaction
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.calls import call
from accounts.apitokens import Scope
from accounts.models import Organization
from licenses.api.base import LicenseView
from licenses.api.errors import answering
from licenses.api.shown import CustomerShown
from licenses.api.taken import CustomerChange, CustomerQuery, NewCustomer
from licenses.reach import customers_within
from licenses.services import create_customer, rename_customer

READ, WRITE = Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE


class Customers(LicenseView):
    tag = "Customers"

    @call("List customers", READ, query=CustomerQuery, gives=CustomerShown)
    def get(self, request: Request) -> Response:
        """A reseller's own; for the platform all."""
        rows = customers_within(self.caller.organization).select_related("parent")
        if "name" in self.query:
            rows = rows.filter(name__icontains=self.query["name"])
        if "suspended" in self.query:
            rows = rows.filter(suspended_at__isnull=not self.query["suspended"])
        return self.page(rows, CustomerShown)

    @call("Create a customer", WRITE, takes=NewCustomer, gives=CustomerShown, status=201)
    def post(self, request: Request) -> Response:
        """An organization of its own, without people and licences yet. It takes room in a reseller's pool."""
        values = self.body()
        named = self.named_reseller(values["reseller"]) if "reseller" in values else None
        own = self.caller.organization
        reseller = own if own.kind == Organization.Kind.RESELLER else named
        facts = {"name": values["name"], "reference": values["reference"]}
        with answering():
            customer = create_customer(actor=self.authority(), reseller=reseller, **facts)
        return Response(CustomerShown(customer).data, status=201)


class OneCustomer(LicenseView):
    tag = "Customers"

    @call("Read a customer", READ, gives=CustomerShown)
    def get(self, request: Request, customer_id: str) -> Response:
        """Its ETag is what a change must name."""
        return Response(CustomerShown(self._customer(customer_id)).data)

    @call("Change a customer", WRITE, takes=CustomerChange, gives=CustomerShown, matches=True)
    @transaction.atomic
    def patch(self, request: Request, customer_id: str) -> Response:
        """What is not named stays."""
        customer, values = self._customer(customer_id, lock=True), self.body()
        self.require_match(CustomerShown(customer).data)
        if "name" in values:
            with answering():
                customer = rename_customer(actor=self.authority(), customer=customer, name=values["name"])
        return Response(CustomerShown(customer).data)

    def _customer(self, customer_id: str, *, lock: bool = False) -> Organization:
        rows = customers_within(self.caller.organization).select_related("parent")
        return get_object_or_404(rows.select_for_update(of=("self",)) if lock else rows, public_id=customer_id)
