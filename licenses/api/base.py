"""What the views of licences share: whose they are, and at which level the caller speaks."""

from django.shortcuts import get_object_or_404
from rest_framework.exceptions import ValidationError

from accounts.api.base import ApiView
from accounts.models import Organization
from core.api import Refused
from licenses.models import License, Plan
from licenses.reach import customers_within, licenses_within
from licenses.seen import find_plan, resellers_within
from licenses.services import Authority, NotAllowed, authority_of_member


class LicenseView(ApiView):
    tag = "Licences"

    def authority(self) -> Authority:
        try:
            return authority_of_member(self.caller.membership)
        except NotAllowed as error:
            raise Refused(str(error)) from None

    def license(self, license_id: str) -> License:
        return get_object_or_404(licenses_within(self.caller.organization).with_facts(), public_id=license_id)

    def named_customer(self, public_id: str) -> Organization:
        """From a body: one of the caller's own. Raises ValidationError."""
        found = customers_within(self.caller.organization).filter(public_id=public_id).first()
        if found is None:
            raise ValidationError({"customer": ["There is no such customer."]})
        return found

    def named_reseller(self, public_id: str) -> Organization:
        """From a body, for the platform. Raises ValidationError."""
        found = resellers_within(self.caller.organization).filter(public_id=public_id).first()
        if found is None:
            raise ValidationError({"reseller": ["There is no such reseller."]})
        return found

    def named_plan(self, named: str) -> Plan:
        """From a body: by id, or the newest version by code. Raises ValidationError."""
        found = find_plan(self.caller.organization, named)
        if found is None:
            raise ValidationError({"plan": ["There is no such plan."]})
        return found
