"""Single moves, moves of many, losses and undo on the same deals at once: no deadlock, no error."""

import random
from uuid import uuid4

import pytest

from tests.stress.checker import broken_chains
from tests.stress.client import all_at_once

pytestmark = pytest.mark.stress
# 404: a deal that a colleague deleted by undoing its creation. 422: a rule said no, as for a lost deal.
FINE = {200, 404, 409, 422}
DEALS = 12


def test_everything_at_once(site, web, crowd, times):
    cast = site.cast(people=crowd, deals=DEALS)
    stages = [cast.stages[slug] for slug in ("awareness", "interest", "evaluation", "purchase")]

    def play(person, number) -> list[int]:
        dice = random.Random(number)
        seen = dict.fromkeys(cast.deals, 1)
        last, found = uuid4(), []
        for _ in range(times):
            operation, to = uuid4(), dice.choice(stages)
            some = dice.sample(cast.deals, dice.randint(2, 8))  # in no order: who locks as asked, deadlocks
            act = dice.random()
            if act < 0.4:
                path, data = f"/deals/{some[0]}/move/", {"seen": seen[some[0]], "to": to}
            elif act < 0.75:
                path, data = "/deals/bulk/move/", {"deal": [f"{d}:{seen[d]}" for d in some], "to": to}
            elif act < 0.95:
                path, data = f"/undo/{last}/", {}
            else:
                path, data = f"/deals/{some[0]}/lose/", {"seen": seen[some[0]], "reason": cast.reason}
            answer = person.post(path, operation=operation, **data)
            found.append(answer.status)
            seen |= {deal: version for deal, (version, _) in answer.cards.items() if deal in seen}
            last = operation
        return found

    found = {status for statuses in all_at_once(web, cast.sessions, play) for status in statuses}

    assert found <= FINE
    assert {200, 409} <= found
    assert broken_chains(site.ledger(cast.deals)) == []
    assert site.audit() == ""
    assert web.complaints == []
