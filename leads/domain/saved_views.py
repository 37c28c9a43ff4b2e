from django.db import IntegrityError, transaction

from funnelcrm.errors import DomainError
from funnelcrm.models import User
from leads.models import SavedView
from stages.models import Pipeline


def save_view(*, name: str, query: str, shared: bool, pipeline: Pipeline, by: User) -> SavedView:
    """Keep a filter under a name. One's own names are unique, whatever their case."""
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                name=name, query=query, shared=shared, pipeline=pipeline, owner=by
            )
    except IntegrityError as error:
        raise DomainError("You already have a view with this name.") from error


def delete_view(*, view_id: int, by: User) -> None:
    """Forget a view of one's own. Deleting it twice changes nothing."""
    SavedView.objects.filter(pk=view_id, owner=by).delete()
