"""Many people moving deals at once: nothing lost, nothing doubled, nothing out of its chain."""

import pytest
from django.conf import settings

from tests.stress.checker import violations
from tests.stress.client import all_at_once, keep_moving

pytestmark = pytest.mark.stress


def circle(cast) -> dict[int, int]:
    """Three stages in a circle: a move never goes back to where the last one came from."""
    first, second, third = (cast.stages[slug] for slug in ("awareness", "interest", "evaluation"))
    return {first: second, second: third, third: first}


def moves_of_all(web, cast, times: int) -> list:
    """Each person keeps moving one deal: the same for all where there is only one."""
    path = circle(cast)
    done = all_at_once(
        web,
        cast.sessions,
        lambda person, n: keep_moving(person, cast.deals[n % len(cast.deals)], path, times),
    )
    return [post for posts in done for post in posts]


def test_everybody_moves_one_deal(site, web, crowd, times):
    cast = site.cast(people=crowd, deals=1)
    posts = moves_of_all(web, cast, times)
    assert violations(posts, site.ledger(cast.deals)) == []
    statuses = {post.status for post in posts}
    assert statuses == {200, 409}, "nobody was too late: then this test tests nothing"
    assert site.audit() == ""
    assert web.complaints == []


def test_everybody_moves_a_deal_of_their_own(site, web, crowd, times):
    cast = site.cast(people=crowd, deals=crowd)
    posts = moves_of_all(web, cast, times)
    assert violations(posts, site.ledger(cast.deals)) == []
    assert {post.status for post in posts} == {200}, "moves of different deals stood in each other's way"
    assert site.audit() == ""
    assert web.complaints == []


def test_without_the_version_check_this_is_noticed(site, crowd):
    cast = site.cast(people=crowd, deals=1)
    with site.web(broken="version check") as web:
        posts = moves_of_all(web, cast, times=5)
    found = violations(posts, site.ledger(cast.deals))
    assert any("moves from version" in line for line in found), found


@pytest.mark.skipif(not settings.TEAM_MODE, reason="SQLite locks the whole database, not a row")
def test_without_the_row_lock_the_ledger_itself_refuses(site, crowd):
    """The second line of defence: two events with one number cannot be. Somebody sees an error, though."""
    cast = site.cast(people=crowd, deals=1)
    with site.web(broken="row lock") as web:
        posts = moves_of_all(web, cast, times=5)
        complaints = web.complaints
    found = violations(posts, site.ledger(cast.deals))
    assert found, "no two of them were inside at once: this test tests nothing"
    assert set(found) == {"a move answered 500"}
    assert any("event_seq_unique" in line for line in complaints)
    assert site.audit() == ""
