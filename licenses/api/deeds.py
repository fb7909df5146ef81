"""What is done to a licence."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import repeating
from accounts.api.calls import call
from accounts.apitokens import Scope
from core.ratelimit import Limit, hit_sync
from licenses import services
from licenses.api import taken
from licenses.api.base import LicenseView
from licenses.api.errors import answering
from licenses.api.shown import LicenseShown, LicenseWithKey
from licenses.models import License

WRITE, OWN = Scope.LICENSES_WRITE, Scope.LICENSES_OWN


def _shown(license: License) -> Response:
    return Response(LicenseShown(license).data)


class Assign(LicenseView):
    @call("Assign a licence", WRITE, takes=taken.ToCustomer, gives=LicenseShown)
    def post(self, request: Request, license_id: str) -> Response:
        """Out of the pool to a customer, where its time begins."""
        license, customer = self.license(license_id), self.named_customer(self.body()["customer"])
        with answering():
            return _shown(
                services.assign_license(
                    actor=self.authority(), license=license, organization=customer, now=timezone.now()
                )
            )


class ClaimLicense(LicenseView):
    @call("Claim a licence", OWN, takes=taken.Claim, gives=LicenseShown, refuses={404: "No licence has this key."})
    def post(self, request: Request) -> Response:
        """Takes the licence that this key opens for your own organization. Ten tries an hour."""
        key, authority = self.body()["key"], self.authority()
        events, seconds = settings.RATE_LIMITS["claim"]
        if wait := hit_sync([Limit(f"claim:{self.caller.organization.pk}", events, seconds)]):
            raise Throttled(wait)
        with answering():
            return _shown(services.claim_license(actor=authority, key=key, now=timezone.now()))


class Suspend(LicenseView):
    @call("Suspend a licence", WRITE, OWN, takes=taken.Suspension, gives=LicenseShown)
    def post(self, request: Request, license_id: str) -> Response:
        """Its widgets stop within seconds. Nobody below your level can lift it."""
        license, values = self.license(license_id), self.body()
        with answering():
            return _shown(
                services.suspend_license(actor=self.authority(), license=license, now=timezone.now(), **values)
            )


class Reinstate(LicenseView):
    @call("Reinstate a licence", WRITE, OWN, takes=taken.Reinstatement, gives=LicenseShown)
    def post(self, request: Request, license_id: str) -> Response:
        """Lifts a suspension of your own level or one below."""
        license, values = self.license(license_id), self.body()
        with answering():
            return _shown(services.reinstate_license(actor=self.authority(), license=license, **values))


class Revoke(LicenseView):
    @call("Revoke a licence", WRITE, takes=taken.Reason, gives=LicenseShown)
    def post(self, request: Request, license_id: str) -> Response:
        """For good. Its room in the pool is free again, its key is dead."""
        license, reason = self.license(license_id), self.body()["reason"]
        with answering():
            return _shown(
                services.revoke_license(actor=self.authority(), license=license, reason=reason, now=timezone.now())
            )


class Renew(LicenseView):
    @call("Renew a licence", WRITE, takes=taken.Term, gives=LicenseShown)
    def post(self, request: Request, license_id: str) -> Response:
        """Another term. Needs an Idempotency-Key: the same key renews once, whenever it is sent again."""
        license, days = self.license(license_id), self.body().get("days")
        key = repeating.key_of(request)
        if key is None:
            raise ValidationError({repeating.HEADER: ["Give each renewal a key of its own."]})
        with answering():
            return _shown(
                services.renew_license(
                    actor=self.authority(), license=license, idempotency_key=key, now=timezone.now(), days=days
                )
            )


class Extend(LicenseView):
    @call("Extend a licence", WRITE, takes=taken.Until, gives=LicenseShown)
    def post(self, request: Request, license_id: str) -> Response:
        """To a later end."""
        license, until = self.license(license_id), self.body()["until"]
        with answering():
            return _shown(services.extend_license(actor=self.authority(), license=license, until=until))


class ChangePlan(LicenseView):
    @call(
        "Change the plan",
        WRITE,
        takes=taken.PlanChange,
        gives=LicenseShown,
        refuses={409: "More is in use than the plan allows; `force` does it all the same."},
    )
    def post(self, request: Request, license_id: str) -> Response:
        """Its dates stay. With `force`, nothing is deleted and nothing can be added while it is over the limits."""
        license, values = self.license(license_id), self.body()
        plan = self.named_plan(values["plan"])
        with answering():
            return _shown(
                services.change_plan(actor=self.authority(), license=license, plan=plan, force=values["force"])
            )


class Transfer(LicenseView):
    @call("Transfer a licence", WRITE, takes=taken.ToCustomer, gives=LicenseWithKey, status=201)
    def post(self, request: Request, license_id: str) -> Response:
        """To another customer: a new licence with a new id and key. Widgets, secrets and domains stay behind."""
        license, customer = self.license(license_id), self.named_customer(self.body()["customer"])
        with answering():
            heir = services.transfer_license(actor=self.authority(), license=license, to=customer, now=timezone.now())
        return Response(LicenseWithKey(heir).data, status=201)


class RotateKey(LicenseView):
    @call("Rotate the key", WRITE, OWN, takes=taken.KeyRotation, gives=LicenseWithKey)
    def post(self, request: Request, license_id: str) -> Response:
        """A new key, shown this once. The present one stays good for the overlap."""
        license, overlap = self.license(license_id), timedelta(hours=self.body()["overlap_hours"])
        with answering():
            rotated = services.rotate_key(actor=self.authority(), license=license, now=timezone.now(), overlap=overlap)
        return Response(LicenseWithKey(rotated).data)
