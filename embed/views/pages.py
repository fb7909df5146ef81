"""The answers that are pages, with the headers of the visitors' host."""

from django.http import HttpResponse

from core.codes import MEANINGS, Code
from embed.frames import render_refusal


def page_response(html: bytes, policy: str, status: int = 200) -> HttpResponse:
    response = HttpResponse(html, status=status)
    response["Content-Security-Policy"] = policy
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "strict-origin"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Permissions-Policy"] = "camera=(), geolocation=(), payment=(), usb=()"
    return response


def refusal_page(code: Code, *, full_page: bool) -> HttpResponse:
    html, policy = render_refusal(code, full_page=full_page)
    return page_response(html, policy, status=MEANINGS[code].status)
