from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.calls import call
from accounts.apitokens import Scope
from licenses.api.base import LicenseView
from licenses.api.shown import VerdictShown
from licenses.api.taken import Ask
from licenses.reach import licenses_within
from licenses.validation import Question, validate_key, validate_license


class Validate(LicenseView):
    @call("Validate a licence", Scope.LICENSES_VALIDATE, takes=Ask, gives=VerdictShown)
    def post(self, request: Request) -> Response:
        """Whether a licence is good for what is asked, by its key or its id. The answer is 200 also when it is not.

        The first of these that fails names its code: known, state, feature and type, domain, quota. What is not yours
        is `not_found`.
        """
        values, own = self.body(), licenses_within(self.caller.organization).with_facts()
        if ("key" in values) == ("license" in values):
            raise ValidationError({"key": ["Give either a key or a licence."]})
        question = Question(**{name: values.get(name) for name in ("domain", "feature", "widget_type")})
        now = timezone.now()
        if "key" in values:
            verdict = validate_key(values["key"], question, now=now, among=own)
        else:
            verdict = validate_license(own.filter(public_id=values["license"]).first(), question, now=now)
        return Response(VerdictShown(verdict).data)
