"""Strict stand-ins for OpenAI, n8n and a tenant's ChatKit server: the tests use them, and so does the local demo.

Each refuses what the real one refuses, in the same words and shapes. `python -m tests.fakes` serves all of them.
"""
