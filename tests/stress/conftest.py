import os

import pytest
from django.conf import settings

from tests.stress.site import Site

# 1: the full figures of the issue, minutes long. What runs every time is a tenth.
SCALE = float(os.environ.get("STRESS_SCALE", "0.1"))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.close()


@pytest.fixture(scope="session")
def web(site):
    with site.web() as web:
        yield web


@pytest.fixture
def crowd() -> int:
    """How many people at once: 50 on PostgreSQL, 16 on SQLite."""
    return 50 if settings.TEAM_MODE else 16


@pytest.fixture
def times() -> int:
    """How often each of them moves: 200 in full."""
    return max(round(200 * SCALE), 5)
