"""The cast: Alice and Bob of one team, Mona who leads it, Charlie of another team, Ada the admin."""

import pytest
from django.db import connection

from funnelcrm.models import Organisation, User
from stages.domain.installation import install
from stages.models import Stage
from tests.factories import make_deal, make_team, make_user


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Where a test must empty tables row by row (SQLite), the ledger's own trigger would stand in the way."""
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER ledger_no_delete")


@pytest.fixture
def organisation(db):
    return Organisation.objects.get_or_create(pk=1)[0]


@pytest.fixture
def pipeline(organisation):
    return install()


@pytest.fixture
def stages(pipeline) -> dict[str, Stage]:
    return {stage.slug: stage for stage in pipeline.stages.shown()}


@pytest.fixture
def field_team(db):
    return make_team("Field team")


@pytest.fixture
def alice(field_team):
    return make_user("Alice Ahlberg", team=field_team)


@pytest.fixture
def bob(field_team):
    return make_user("Bob Berg", team=field_team)


@pytest.fixture
def mona(field_team):
    mona = make_user("Mona Moreau", role=User.Role.MANAGER)
    field_team.leads.add(mona)
    return mona


@pytest.fixture
def charlie(db):
    return make_user("Charlie Cho", team=make_team("Other team"))


@pytest.fixture
def ada(db):
    return make_user("Ada Adeyemi", role=User.Role.ADMIN)


@pytest.fixture
def deal(stages, alice):
    return make_deal(stages["evaluation"], alice, "Kiln and mill package")
