from django.db import transaction

from funnelcrm.models import User


@transaction.atomic
def keep(*, by: User, theme: str, single_keys: bool) -> None:
    """Remember how this person wants the product to look and to listen."""
    by.theme = theme
    by.single_keys = single_keys
    by.save(update_fields=["theme", "single_keys"])
