"""What `POST /v1/chatkit/sessions` accepts, and how it says no (OpenAPI: CreateChatSessionBody, ErrorResponse)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.observe import Refusal


def error_response(
    status: int, message: str, *, kind: str = "invalid_request_error", param: str | None = None, code: str | None = None
) -> web.Response:
    return web.json_response(error_body(message, kind=kind, param=param, code=code), status=status)


def error_body(message: str, *, kind: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def invalid(message: str, param: str, code: str) -> Refusal:
    return Refusal(error_response(400, message, param=param, code=code))


@dataclass(frozen=True, slots=True)
class Text:
    min_length: int = 0
    max_length: int | None = None

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, str):
            raise _wrong_type(path, "a string", value)
        if len(value) < self.min_length:
            expected = f"Expected a string with minimum length {self.min_length}, but got an empty string instead."
            raise invalid(f"Invalid '{path}': empty string. {expected}", path, "empty_string")
        if self.max_length is not None and len(value) > self.max_length:
            expected = f"Expected a string with maximum length {self.max_length}, but got one of {len(value)} instead."
            raise invalid(f"Invalid '{path}': string too long. {expected}", path, "string_above_max_length")


@dataclass(frozen=True, slots=True)
class Integer:
    minimum: int
    maximum: int | None = None

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong_type(path, "an integer", value)
        if value < self.minimum:
            expected = f"Expected a value >= {self.minimum}, but got {value} instead."
            message = f"Invalid '{path}': integer below minimum value. {expected}"
            raise invalid(message, path, "integer_below_min_value")
        if self.maximum is not None and value > self.maximum:
            expected = f"Expected a value <= {self.maximum}, but got {value} instead."
            message = f"Invalid '{path}': integer above maximum value. {expected}"
            raise invalid(message, path, "integer_above_max_value")


@dataclass(frozen=True, slots=True)
class Boolean:
    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, bool):
            raise _wrong_type(path, "a boolean", value)


@dataclass(frozen=True, slots=True)
class Literal:
    expected: str

    def check(self, value: Any, path: str) -> None:
        if value != self.expected:
            message = f"Invalid value: '{value}'. Supported values are: '{self.expected}'."
            raise invalid(message, path, "invalid_value")


@dataclass(frozen=True, slots=True)
class StateVariables:
    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise _wrong_type(path, "an object", value)
        if len(value) > 64:
            expected = f"Expected an object with at most 64 properties, but got {len(value)} instead."
            message = f"Invalid '{path}': too many properties. {expected}"
            raise invalid(message, path, "object_above_max_properties")
        for name, variable in value.items():
            where = f"{path}.{name}"
            if len(name) > 64:
                message = f"Invalid '{path}': property names have at most 64 characters."
                raise invalid(message, path, "property_name_above_max_length")
            if not isinstance(variable, str | int | float):
                raise _wrong_type(where, "a string, number or boolean", variable)
            if isinstance(variable, str):
                Text(max_length=10_485_760).check(variable, where)


@dataclass(frozen=True, slots=True)
class Fields:
    known: Mapping[str, Any]  # name → rule
    required: tuple[str, ...] = ()

    def check(self, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise _wrong_type(path, "an object", value)
        prefix = f"{path}." if path else ""
        for name in self.required:
            if name not in value:
                message = f"Missing required parameter: '{prefix}{name}'."
                raise invalid(message, f"{prefix}{name}", "missing_required_parameter")
        for name, field in value.items():
            if name not in self.known:
                raise invalid(f"Unknown parameter: '{prefix}{name}'.", f"{prefix}{name}", "unknown_parameter")
            self.known[name].check(field, f"{prefix}{name}")


def _wrong_type(path: str, expected: str, value: Any) -> Refusal:
    message = f"Invalid type for '{path}': expected {expected}, but got {_type_of(value)} instead."
    return invalid(message, path, "invalid_type")


def _type_of(value: Any) -> str:
    names = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a boolean",
        int: "an integer",
        float: "a number",
    }
    return names.get(type(value), "null")


CREATE_SESSION = Fields(
    {
        "user": Text(min_length=1),
        "workflow": Fields(
            {
                "id": Text(min_length=1),
                "version": Text(),
                "state_variables": StateVariables(),
                "tracing": Fields({"enabled": Boolean()}),
            },
            required=("id",),
        ),
        "expires_after": Fields(
            {"anchor": Literal("created_at"), "seconds": Integer(1, 600)}, required=("anchor", "seconds")
        ),
        "rate_limits": Fields({"max_requests_per_1_minute": Integer(1)}),
        "chatkit_configuration": Fields(
            {
                "automatic_thread_titling": Fields({"enabled": Boolean()}),
                "file_upload": Fields(
                    {"enabled": Boolean(), "max_file_size": Integer(1, 512), "max_files": Integer(1)}
                ),
                "history": Fields({"enabled": Boolean(), "recent_threads": Integer(1)}),
            }
        ),
    },
    required=("user", "workflow"),
)
