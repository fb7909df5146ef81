"""How a reseller's customers see the product: a reseller's name, colours and addresses instead of ours."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from licenses.domains.hosts import is_host, is_numeric, to_ascii

_COLOUR = r"^(#[0-9a-f]{6})?$"
_ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")


def _https_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme != "https" or not parts.hostname or parts.username or re.search(r"[\s\"'<>\\]", value)):
        raise ValueError("Give a whole address that begins with https://.")
    return value


def _support_link(value: str) -> str:
    if value.startswith("mailto:"):
        return "mailto:" + _mail_address(value.removeprefix("mailto:"))
    return _https_url(value)


def _mail_address(value: str) -> str:
    if value and not _ADDRESS.fullmatch(value):
        raise ValueError("Give an e-mail address.")
    return value


def _hostname(value: str) -> str:
    try:
        host = to_ascii(value.strip().lower())
    except UnicodeError:
        host = ""
    if value and (not is_host(host) or is_numeric(host) or "." not in host):
        raise ValueError("Give a host name, without https:// and without a path.")
    return host


class Branding(BaseModel):
    """Empty means: as the platform does it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str = Field("", max_length=80)
    logo_url: Annotated[str, AfterValidator(_https_url)] = Field("", max_length=500)
    accent: str = Field("", pattern=_COLOUR)
    accent_ink: str = Field("", pattern=_COLOUR)
    support_link: Annotated[str, AfterValidator(_support_link)] = Field("", max_length=500)
    mail_name: str = Field("", max_length=80, pattern=r"^[^\r\n<>\"]*$")
    mail_reply_to: Annotated[str, AfterValidator(_mail_address)] = Field("", max_length=254)
    hide_powered_by: bool = False
    dashboard_host: Annotated[str, AfterValidator(_hostname)] = Field("", max_length=253)
    embed_host: Annotated[str, AfterValidator(_hostname)] = Field("", max_length=253)


class Pool(BaseModel):
    """What a reseller may hand out in all: -1 unlimited, 0 none; what is not named is none."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    customers: int = Field(0, ge=-1)
    licenses: int = Field(0, ge=-1)
    widgets: int = Field(0, ge=-1)
    domains: int = Field(0, ge=-1)
    sessions_month: int = Field(0, ge=-1)
