from django.db.models import QuerySet

from funnelcrm.models import User
from funnelcrm.text import fold
from leads.models import Account

MOST = 8


def suggest(text: str, user: User) -> QuerySet[Account]:
    """Accounts whose name begins with what was typed, whatever its case and accents."""
    start = fold(text)
    if not start:
        return Account.objects.none()
    return Account.objects.visible_to(user).filter(search__startswith=start).order_by("search", "pk")[:MOST]
