"""Fresh secrets, as `NAME=value` lines for .env: `make secrets`. Runs on a bare Python."""

import base64
import secrets
import time


def fresh() -> dict[str, str]:
    """One value for every secret of the settings; the sealing key is named after its day."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "TOKEN_KEY": secrets.token_urlsafe(50),
        "SEALING_KEYS": f"k{time.strftime('%Y%m%d')}:{key}",
        "POSTGRES_PASSWORD": secrets.token_hex(24),
        "POSTGRES_APP_PASSWORD": secrets.token_hex(24),
    }


if __name__ == "__main__":
    for name, value in fresh().items():
        print(f"{name}={value}")  # noqa: T201
