"""Background work: thin tasks that call the domain. Nothing rests on a message being delivered."""

from celery import shared_task
from django.conf import settings


def announce() -> None:
    """Tell the workers that there may be work. Only a hint: the rows are the queue, and beat looks anyway."""
    if settings.CELERY_HINTS:
        follow_up.delay()


@shared_task(name="leads.follow_up", ignore_result=True)
def follow_up() -> int:
    from leads.domain.follow_up import drain  # noqa: PLC0415 -- leaf

    return drain()


@shared_task(name="leads.audit", ignore_result=True)
def audit() -> int:
    from leads.domain.audit import log_differences  # noqa: PLC0415 -- leaf

    return log_differences()
