"""`python -m config.web`: the web process. The one place that says how uvicorn runs, here, in a container, in tests."""

import argparse

import uvicorn


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--grace", type=int, default=25, help="seconds that open streams have to end at a shutdown")
    parser.add_argument("--ssl-certfile")
    parser.add_argument("--ssl-keyfile")
    options = parser.parse_args()
    uvicorn.run(
        "config.asgi:application",
        host=options.host,
        port=options.port,
        ssl_certfile=options.ssl_certfile,
        ssl_keyfile=options.ssl_keyfile,
        timeout_graceful_shutdown=options.grace,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        proxy_headers=False,  # core.clientip reads X-Forwarded-For, and only behind proxies it was told of
        server_header=False,
        access_log=False,
        log_config=None,  # settings.LOGGING is in charge
    )


if __name__ == "__main__":
    main()
