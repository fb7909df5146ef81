"""The site's web server."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from config.demo.site.pages import PAGES, Facts, Page, render

STATIC = Path(__file__).parent / "static"


def make_app(*, embed_url: str, dashboard_url: str, ids: Callable[[], Facts | None]) -> web.Application:
    """`ids` gives the ids for the tags (see pages.Facts). While it gives None, the site says that it is not ready."""

    def handler(page: Page) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def show(_: web.Request) -> web.Response:
            known = ids()
            if known is None:
                return web.Response(text="The demo is still starting.", status=503, headers={"Refresh": "1"})
            html = render(page, {"embed": embed_url, "dashboard": dashboard_url, **known})
            headers = {"Content-Security-Policy": strict_policy(embed_url)} if page.strict else {}
            return web.Response(text=html, content_type="text/html", headers=headers)

        return show

    app = web.Application()
    app.router.add_static("/static", STATIC)
    for page in PAGES:
        app.router.add_get(page.path, handler(page))
    return app


def strict_policy(embed_url: str) -> str:
    """A strict site adds our address in two places, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {embed_url}",
            f"frame-src {embed_url}",
            "style-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
