"""Adding a deal as people do it: with an account by its name, and what to do next."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from funnelcrm.models import User
from leads.domain.accounts import account_named
from leads.domain.deals import create_deal
from leads.domain.tags import tag_deal
from leads.domain.touchpoints import plan_step
from leads.models import Deal
from stages.models import Source, Stage, TouchpointType


def add_deal(*, operation: UUID, by: User, **fields) -> Deal:
    """The deal, its account if it is a new one, and its first step: together or not at all.

    The same form sent twice makes one deal, also when both arrive at the same instant: what one
    person adds is added one after the other, and the second is answered with what the first made.
    A name that two people bring into the world at once (a tag) is found at the second try.
    """
    try:
        return _add(operation=operation, by=by, **fields)
    except IntegrityError:
        return _add(operation=operation, by=by, **fields)


@transaction.atomic
def _add(
    *,
    title: str,
    stage: Stage,
    by: User,
    operation: UUID,
    account: str = "",
    owner: User | None = None,
    amount: Decimal | None = None,
    currency: str = "",
    source: Source | None = None,
    expected_close: date | None = None,
    tags: Sequence[str] = (),
    step: str = "",
    step_type: TouchpointType | None = None,
    step_due: date | None = None,
) -> Deal:
    # No constraint can say that a gesture makes one deal: imports make many in one.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    deal = create_deal(
        title=title,
        stage=stage,
        by=by,
        account=account_named(account, by=by),
        owner=owner or by,
        amount=amount,
        currency=currency,
        source=source,
        expected_close=expected_close,
        operation=operation,
    )
    if step_due and not deal.next_step_id:
        kind = step_type or TouchpointType.objects.filter(retired_at=None).first()
        plan_step(deal_id=deal.pk, type=kind, summary=step, due_on=step_due, by=by)
        deal.refresh_from_db()
    if tags:
        tag_deal(deal_id=deal.pk, names=tags, by=by)
    return deal
