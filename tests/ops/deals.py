"""Scripts for a process of the product: a deal is won, and later the worker's doing is looked at."""

WIN_A_DEAL = """
import time
from funnelcrm.models import User
from leads.domain.deals import create_deal, move_deal
from stages.models import Stage
rep = User.objects.filter(email="rep@ops.example").first() or User.objects.create_user(
    "rep@ops.example", "correct horse battery", name="Rita Ops", role="rep")
deal = create_deal(title="Ops deal", stage=Stage.objects.get(slug="evaluation"), owner=rep, by=rep)
began = time.monotonic()
deal = move_deal(deal_id=deal.pk, seen=deal.version, to_stage=Stage.objects.get(slug="purchase"), by=rep)
print(deal.pk, time.monotonic() - began)
"""

WAITING = "from stages.models import Outbox; print(Outbox.objects.count())"
WITH_A_NEXT_STEP = """
from leads.models import Deal
print(Deal.objects.filter(status="won", next_step__isnull=False, owner__email="rep@ops.example").count())
"""
