"""Serves the site until stopped, as the environment of `make run` says."""

import json
import os
from pathlib import Path

from aiohttp import web

from config.demo.site.app import make_app
from config.demo.site.pages import Facts


def main() -> None:
    file = Path(os.environ["VAR_DIR"]) / "demo.json"

    def ids() -> Facts | None:
        return json.loads(file.read_text()) if file.exists() else None

    app = make_app(embed_url=os.environ["EMBED_URL"], dashboard_url=os.environ["DASHBOARD_URL"], ids=ids)
    port = int(os.environ["DEMO_SITE_PORT"])
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None, shutdown_timeout=1)


if __name__ == "__main__":
    main()
