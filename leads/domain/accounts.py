from funnelcrm.models import User
from funnelcrm.text import fold
from leads.models import Account


def account_named(name: str, *, by: User) -> Account | None:
    """The account of that name that this person may see, or a new one of theirs. None for a blank name."""
    name = " ".join(name.split())
    if not name:
        return None
    known = Account.objects.visible_to(by).filter(search=fold(name)[:200]).order_by("pk").first()
    return known or Account.objects.create(name=name, search=fold(name)[:200], owner=by)
