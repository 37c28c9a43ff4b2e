"""What a worker does after a change: drains the outbox. Safe to run twice, at once, and to be killed."""

import logging
from datetime import timedelta

from django.db import transaction

from funnelcrm.models import Organisation
from leads.domain.touchpoints import plan_step
from leads.models import Deal
from stages.models import Outbox, TouchpointType

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 5


def drain(limit: int = 100) -> int:
    """Do what waits in the outbox, each row in its own transaction. How many rows were done."""
    done = 0
    waiting = Outbox.objects.filter(attempts__lt=MAX_ATTEMPTS).order_by("pk").values_list("pk", flat=True)
    for pk in list(waiting[:limit]):
        try:
            done += _do(pk)
        except Exception:
            logger.exception("Outbox row %s failed", pk)
            with transaction.atomic():
                row = Outbox.objects.select_for_update().filter(pk=pk).first()
                if row:
                    row.attempts += 1
                    row.save(update_fields=["attempts"])
    return done


@transaction.atomic
def _do(pk: int) -> int:
    """One row: its effect and its removal are one transaction, so the effect happens once."""
    # The deal first, as everybody locks it first; a row that another worker holds or has done is left alone.
    deal_id = Outbox.objects.filter(pk=pk).values_list("deal_id", flat=True).first()
    if deal_id is None:
        return 0
    deal = Deal.objects.select_for_update().get(pk=deal_id)
    row = Outbox.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return 0
    EFFECTS[row.kind](deal)
    row.delete()
    return 1


def start_loyalty_plan(deal: Deal) -> None:
    """A won deal always has a next step: where the rep planned none, the stage's rhythm sets a check-in."""
    if deal.next_step_id or not deal.on_board or deal.status != Deal.Status.WON:
        return
    rhythm = deal.stage.stale_after_days or 30
    kind = TouchpointType.objects.filter(retired_at=None).order_by("position", "pk").first()
    if kind is None:
        return
    due_on = Organisation.current().today() + timedelta(days=rhythm)
    first_playbook = deal.stage.playbook.filter(kind="touchpoint").first()
    plan_step(
        deal_id=deal.pk,
        type=kind,
        summary=first_playbook.text if first_playbook else "Check in",
        due_on=due_on,
        by=None,
        owner=deal.owner,
    )


EFFECTS = {"won": start_loyalty_plan}
