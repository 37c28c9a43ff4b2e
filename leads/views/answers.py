"""What a change of deals answers: the fragments that changed, or a redirect where there is no HTMX."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import trigger_client_event

from funnelcrm.htmx import Request, fragments, tell
from leads.models import Deal
from leads.queries.board import sum_of
from leads.queries.cards import Card, cards_of
from leads.queries.totals import totals_of
from leads.views.access import board_of, clock_of
from stages.models import Stage


def back(request: Request, default: str = "") -> str:
    """Where to go after a plain form: the page named in it, if it is one of ours."""
    asked = request.POST.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return default or reverse("leads:board")


def changed(
    request: Request,
    *,
    deals: Iterable[Deal],
    stages: Iterable[int],
    message: str,
    undo: UUID | None = None,
    status: int = 200,
    more: Iterable[tuple[str, dict]] = (),
) -> HttpResponse:
    """The fresh cards of some deals and the heads of the columns they touch, with a word about it."""
    deals = list(deals)
    refused = status >= 400
    if not request.htmx:
        (messages.error if refused else messages.success)(
            request, message, extra_tags=f"undo:{undo}" if undo else ""
        )
        return redirect(back(request))
    parts, cards = _fresh(request, deals, set(stages))
    gone = [
        ("leads/board/_gone.html", {"pk": deal.pk})
        for deal in deals
        if deal.pk not in {card.pk for card in cards}
    ]
    shown = [("leads/board/_card.html", {"card": card}) for card in cards]
    response = fragments(request, *parts, *shown, *gone, *more, status=status)
    detail = {"kind": "error"} if refused else {"undo": str(undo)} if undo else {}
    response = tell(response, message, **detail)
    return trigger_client_event(response, "deal:changed", {"deals": [deal.pk for deal in deals]})


def _fresh(
    request: Request, deals: list[Deal], touched: set[int]
) -> tuple[list[tuple[str, dict]], list[Card]]:
    """The heads of the touched columns with the board's sums, and the cards of the deals that have one."""
    stages, asked = board_of(request)
    clock, query = clock_of(request), asked.query()
    by_pk: dict[int, Stage] = {stage.pk: stage for stage in stages}
    totals = totals_of(stages, request.user, asked, clock, heads=touched)
    heads = [
        ("leads/board/_head.html", {"stage": stage, "totals": totals[stage.pk], "query": query})
        for stage in stages
        if stage.pk in touched
    ]
    together = ("leads/board/_sum.html", {"together": sum_of(totals, stages), "query": query})
    visible = Deal.objects.visible_to(request.user).on_board().filter(pk__in=[deal.pk for deal in deals])
    pks = visible.filter(stage__in=by_pk).values_list("pk", flat=True)
    return [*heads, together], cards_of(pks, order=asked.order, clock=clock, stages=by_pk)
