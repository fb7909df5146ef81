"""The OpenAPI description, out of what `@call` declares at each handler."""

from typing import Any, Final, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from accounts.api.base import ApiView
from accounts.api.calls import Call, Strict, call_of
from accounts.apitokens import WORDS

_IDS: Final = {
    "customer_id": ("The customer's id.", "org_5TxY0wGqVbJ8rLmNcKdZ2a"),
    "delivery_id": ("The delivery's id, as in its header `webhook-id`.", "msg_5TxY0wGqVbJ8rLmNcKdZ2a"),
    "domain": ("The entry as the list shows it, percent-encoded.", "*.example.com"),
    "endpoint_id": ("The endpoint's id.", "whe_5TxY0wGqVbJ8rLmNcKdZ2a"),
    "kind": ("What the secret is for: see `credentials` of the widget's type.", "openai_key"),
    "license_id": ("The licence's id.", "lic_5TxY0wGqVbJ8rLmNcKdZ2a"),
    "number": ("The version's number.", 3),
    "plan_id": ("The plan's id.", "pln_5TxY0wGqVbJ8rLmNcKdZ2a"),
    "widget_id": ("The widget's id.", "wgt_5TxY0wGqVbJ8rLmNcKdZ2a"),
}
_KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of yours, at most 255 characters. The same call with the same key is done once within a day.",
    pattern=r"^[!-~]{1,255}$",
)
_MATCH: Final = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of what you read, or `*` to overwrite whatever is there.",
)
# status → when, the code and the message of its example
_ERRORS: Final = {
    400: ("A parameter or field is not valid or not known.", "bad_request", "Some fields are not valid."),
    401: ("There is no valid token.", "not_authenticated", "Authentication credentials were not provided."),
    403: ("Scope, role, plan or state forbid it.", "scope_missing", "The token needs the scope licenses:write."),
    404: ("There is no such thing, or it is not yours.", "not_found", "Not found."),
    406: ("Answers are JSON only.", "not_acceptable", "Could not satisfy the request Accept header."),
    409: (
        "Its state forbids it now, or the same Idempotency-Key is being served.",
        "idempotency_in_progress",
        "The same call is being done right now.",
    ),
    412: ("It was changed since you read it.", "precondition_failed", "It was changed in the meantime."),
    413: ("The body is too large.", "too_large", "The body is too large."),
    415: ("The body is not JSON.", "unsupported_media_type", "Unsupported media type."),
    422: (
        "The Idempotency-Key was used for a different body.",
        "idempotency_key_reused",
        "This Idempotency-Key was used for a different body.",
    ),
    428: ("If-Match is missing.", "precondition_required", "Send If-Match with the ETag of what you read."),
    429: ("Too many calls. Wait for `Retry-After` seconds.", "rate_limited", "Request was throttled."),
}
SCOPES_BEGIN: Final = "\n\nOne of these scopes:\n"
_READING: Final = (400, 401, 403, 404, 406, 429)
_WRITING: Final = (409, 413, 415, 422)


class ErrorBody(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="For machines; see the list of codes.")
    message = serializers.CharField(help_text="For people.")
    fields = serializers.DictField(  # type: ignore[assignment]  # a field, taken out of the class by its metaclass
        required=False, help_text="Field or parameter → what is wrong with it."
    )
    retry_after = serializers.IntegerField(required=False, help_text="Seconds.")


class Error(serializers.Serializer[Any]):
    error = ErrorBody()


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = "accounts.api.authentication.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        text = "A token of your organization, from the dashboard's page “API”."
        return {"type": "http", "scheme": "bearer", "bearerFormat": "cdt_…", "description": text}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """OpenAPI 3.1 lets a list of scopes stand here for every kind of scheme. One of them is enough."""
        return {self.name: list(auto_schema.call.scopes)}


class ApiSchema(AutoSchema):
    method: str

    @property
    def call(self) -> Call:
        declared = call_of(self.view, self.method)
        assert declared, f"{self.view} declares no {self.method}"  # noqa: S101
        return declared

    def get_operation_id(self) -> str:
        return super().get_operation_id() if not self.call.is_list else f"{'_'.join(self._words())}_list"

    def _words(self) -> list[str]:
        return [word.replace("-", "_") for word in self._tokenize_path()]

    def get_summary(self) -> str:
        return self.call.summary

    def get_description(self) -> str:  # type: ignore[override]
        scopes = "\n".join(f"- `{scope}`: {WORDS[scope]}" for scope in self.call.scopes)
        return f"{super().get_description()}{SCOPES_BEGIN}{scopes}".strip()

    def get_tags(self) -> list[str]:
        return [cast(ApiView, self.view).tag]

    def get_extensions(self) -> dict[str, Any]:
        return {"x-scopes": list(self.call.scopes)}

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = [
            OpenApiParameter(
                name,
                int if isinstance(example, int) else str,
                OpenApiParameter.PATH,
                description=text,
                examples=[OpenApiExample("Example", value=example)],
            )
            for name, (text, example) in _IDS.items()
            if f"{{{name}}}" in self.path
        ]
        if self.call.query is not Strict:
            parameters.append(self.call.query)
        if self.method not in ("GET", "HEAD"):
            parameters.append(_KEY)
        if self.call.matches:
            parameters.append(_MATCH)
        return parameters

    def get_request_serializer(self) -> Any:
        return self.call.takes

    def get_response_serializers(self) -> Any:
        answers: dict[int, Any] = {self.call.status: self._answer()}
        for status in sorted({*self._statuses(), *self.call.refuses}):
            answers[status] = self._error(status)
        return answers

    def _statuses(self) -> set[int]:
        call = self.call
        return {
            *_READING,
            *(_WRITING if self.method not in ("GET", "HEAD") else ()),
            *((412, 428) if call.matches else ()),
        }

    def _answer(self) -> Any:
        gives = self.call.gives
        if gives is None:
            return OpenApiResponse(description="Done. There is no body.")
        example = gives.example
        if not self.call.is_list:
            return OpenApiResponse(gives, examples=_shown(example))
        item = self.resolve_serializer(gives, "response").ref
        page = {
            "type": "object",
            "required": ["data", "next"],
            "properties": {
                "data": {"type": "array", "items": item},
                "next": {"type": "string", "nullable": True, "description": "The cursor of the next page."},
            },
        }
        return OpenApiResponse(page, examples=_shown({"data": [example], "next": None}))

    def _error(self, status: int) -> Any:
        words, code, message = _ERRORS[status]
        own = self.call.refuses.get(status)
        value = {"error": {"code": code, "message": message}}
        return OpenApiResponse(Error, description=f"{own} {words}" if own else words, examples=_shown(value))

    def _get_examples(
        self, serializer: Any, direction: Any, media_type: Any, status: Any = None, extras: Any = None
    ) -> Any:
        if direction == "request" and getattr(serializer, "example", None) is not None:
            extras = _shown(serializer.example)
        return super()._get_examples(  # type: ignore[no-untyped-call]
            serializer, direction, media_type, status, extras
        )

    def _map_serializer(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        schema = super()._map_serializer(  # type: ignore[no-untyped-call]
            serializer, direction, bypass_extensions
        )
        if isinstance(serializer, Strict) and direction == "request":
            schema["additionalProperties"] = False
        return schema


def _shown(value: Any) -> list[OpenApiExample]:
    return [OpenApiExample("Example", value=value)]
