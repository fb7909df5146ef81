"""Secrets that are typed and not stored: on the Connection page, and in the configurator's preview."""

TYPED = "sk-demo-typed-and-not-saved"
STORED = "sk-demo-stored-and-of-no-use"
