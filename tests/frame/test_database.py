"""Reading one moment while others write."""

from threading import Thread

import pytest
from django.db import connection

from funnelcrm.database import one_moment
from funnelcrm.models import Team


@pytest.mark.django_db(transaction=True)
def test_what_others_write_meanwhile_is_not_seen_and_nobody_waits():
    def write():
        Team.objects.create(name="Late team")
        connection.close()

    with one_moment():
        assert Team.objects.count() == 0
        writer = Thread(target=write)
        writer.start()
        writer.join(timeout=10)
        assert not writer.is_alive()
        assert Team.objects.count() == 0

    assert Team.objects.count() == 1
