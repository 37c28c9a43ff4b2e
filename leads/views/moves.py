"""Moving deals and taking back: one function behind every way to do it."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from funnelcrm.errors import DomainError, Gone, Stale
from funnelcrm.htmx import Request
from leads.domain.deals import move_deal
from leads.domain.undo import undo as undo_operation
from leads.forms.deals import MoveForm, SeenForm
from leads.models import Deal
from leads.queries.deal_page import deal_page
from leads.views.access import clock_of, visible_deal
from leads.views.answers import changed
from stages.models import DealEvent


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    """GET: the stages to choose from, as a sheet or a page. POST: the move."""
    deal = visible_deal(request, pk)
    if request.method != "POST":
        page = deal_page(deal, request.user, clock_of(request))
        template = "leads/deals/_move.html" if request.htmx else "leads/deals/move.html"
        return render(request, template, {"page": page, "deal": deal, "operation": uuid4()})
    form = MoveForm(request.POST)
    if not form.is_valid():
        return changed(
            request,
            deals=[deal],
            stages=[deal.stage_id],
            message="This stage is not there any more.",
            status=422,
        )
    to_stage, operation = form.cleaned_data["to"], form.key or uuid4()
    seen = form.cleaned_data["seen"]
    try:
        moved = move_deal(deal_id=pk, seen=seen, to_stage=to_stage, by=request.user, operation=operation)
    except DomainError as error:
        return refused(request, deal, error, to_stage.pk)
    message = f"{deal.title} moved to {to_stage.name}"
    return changed(
        request,
        deals=[moved],
        stages={deal.stage_id, to_stage.pk},
        message=message,
        undo=_undoable(moved, operation),
    )


def _undoable(deal: Deal, operation: UUID) -> UUID | None:
    """The handle of undo, where the gesture did something."""
    return operation if DealEvent.objects.filter(deal=deal, operation=operation).exists() else None


def refused(request: Request, deal: Deal, error: DomainError, *stages: int) -> HttpResponse:
    """A rule said no: the fresh card, its column, and the sentence. 409 where somebody else was faster."""
    fresh = Deal.objects.visible_to(request.user).filter(pk=deal.pk).first()
    status = 404 if isinstance(error, Gone) else 409 if isinstance(error, Stale) else 422
    touched = {deal.stage_id, *stages} | ({fresh.stage_id} if fresh else set())
    return changed(request, deals=[fresh or deal], stages=touched, message=str(error), status=status)


def gesture(request: Request, pk: int, act: Callable[..., Deal], message: str) -> HttpResponse:
    """A change of a deal that asks for nothing more. `act` is the domain's; `message` names `{deal}`."""
    deal = visible_deal(request, pk)
    form = SeenForm(request.POST)
    if not form.is_valid():
        again = "Reload the page first."
        return changed(request, deals=[deal], stages=[deal.stage_id], message=again, status=422)
    operation = form.key or uuid4()
    try:
        done = act(deal_id=pk, seen=form.cleaned_data["seen"], by=request.user, operation=operation)
    except DomainError as error:
        return refused(request, deal, error)
    words = message.format(deal=deal)
    return changed(request, deals=[done], stages=[deal.stage_id], message=words, undo=operation)


@require_POST
def undo(request: Request, operation: UUID) -> HttpResponse:
    """Take back what one gesture of this person did."""
    touched = DealEvent.objects.filter(operation=operation, actor=request.user)
    deals = list(Deal.objects.filter(pk__in=touched.values("deal")))
    before = {deal.stage_id for deal in deals}
    try:
        outcome = undo_operation(operation=operation, by=request.user, key=uuid4())
    except Gone:
        return changed(request, deals=[], stages=[], message="There is nothing to undo.", status=404)
    except DomainError as error:
        status = 409 if isinstance(error, Stale) else 422
        return changed(request, deals=deals, stages=before, message=str(error), status=status)
    names = f"“{outcome.changed[0]}”" if len(outcome.changed) == 1 else f"{len(outcome.changed)} deals"
    message = f"Undone: {names}"
    if outcome.refused:
        message += f". {len(outcome.refused)} stayed: {outcome.refused[0][1]}"
    stages = before | {deal.stage_id for deal in outcome.changed}
    return changed(request, deals=outcome.changed, stages=stages, message=message)
