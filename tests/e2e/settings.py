"""The tests' settings for a server process that answers a browser."""

from tests.settings import *  # noqa: F403

DATABASE_THREADS = 8  # a real server, not a guest in a test's transaction
