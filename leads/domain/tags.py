from collections.abc import Iterable

from django.db.models.functions import Lower

from funnelcrm.models import User
from leads.domain.change import deal_change
from leads.models import Deal, Tag


def tag_deal(*, deal_id: int, names: Iterable[str], by: User) -> Deal:
    """Let a deal have exactly these tags. A known one is found whatever its case, a new one is made."""
    with deal_change(by=by) as change:
        (deal,) = change.lock([deal_id])
        wanted = {name.lower(): name for name in names}
        known = {
            tag.name.lower(): tag for tag in Tag.objects.annotate(low=Lower("name")).filter(low__in=wanted)
        }
        Tag.objects.bulk_create(
            [Tag(name=name) for low, name in wanted.items() if low not in known], ignore_conflicts=True
        )
        tags = set(Tag.objects.annotate(low=Lower("name")).filter(low__in=wanted))
        if tags != set(deal.tags.all()):
            deal.tags.set(tags)
            change.touch(deal)
    return deal
