"""`python -m tests.fakes --port 9001`: serve all stand-ins until stopped."""

import argparse
import asyncio
import os
import signal

from aiohttp import web

from tests.fakes.serve import runner
from tests.fakes.state import State

READING_PACE = 0.045  # seconds between tokens


async def main(host: str, port: int) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    app_runner = runner(State(token_pause=READING_PACE))
    await app_runner.setup()
    await web.TCPSite(app_runner, host, port, backlog=1024).start()
    print(f"Stand-ins on http://{host}:{port}: /openai/v1 /n8n/webhook/<mode>/chat /chatkit-server /cdn/chatkit.js")
    await stop.wait()
    await app_runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.fakes", description="Stand-ins for OpenAI, n8n and ChatKit.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("STANDIN_PORT") or 9001))
    options = parser.parse_args()
    asyncio.run(main(options.host, options.port))
