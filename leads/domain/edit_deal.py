"""Editing a deal as people do it: all fields of the form at once, or nothing."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from funnelcrm.models import User
from funnelcrm.text import fold
from leads.domain.accounts import account_named
from leads.domain.deals import revise_deal
from leads.domain.tags import tag_deal
from leads.models import Account, Deal


@transaction.atomic
def edit_deal(
    *,
    deal_id: int,
    seen: int,
    by: User,
    account: str,
    tags: Sequence[str],
    values: Mapping[str, object],
    operation: UUID | None = None,
) -> Deal:
    """Change a deal's values, its account and its tags. A refusal leaves no trace."""
    current = Account.objects.filter(deals=deal_id).first()
    # Several accounts may bear one name: a deal that is not renamed to another keeps its own.
    kept = current is not None and fold(account) == current.search
    changes = {**values, "account": current if kept else account_named(account, by=by)}
    revise_deal(deal_id=deal_id, seen=seen, by=by, changes=changes, operation=operation)
    return tag_deal(deal_id=deal_id, names=tags, by=by)
