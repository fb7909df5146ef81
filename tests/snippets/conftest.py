"""The browser tests' product and sites."""

from tests.e2e.conftest import *  # noqa: F403
from tests.e2e.conftest import (  # noqa: F401  - a star leaves out names with an underscore
    _product,
    _secure_product,
    _sites,
)
