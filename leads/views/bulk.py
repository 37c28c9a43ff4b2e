"""Several deals at once. What is refused stays and is named; the rest is done, and can be undone."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from funnelcrm.errors import DomainError, Gone, Missing
from funnelcrm.htmx import Request
from leads.domain.deals import Outcome, assign_deals, lose_deals, move_deals
from leads.forms.deals import BulkAssignForm, BulkForm, BulkLossForm, BulkMoveForm
from leads.models import Deal
from leads.views.answers import changed
from stages.models import Stage


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request) -> HttpResponse:
    form = BulkMoveForm(request.POST if request.method == "POST" else None)

    def act(*, to: Stage, **rest) -> Outcome:
        return move_deals(to_stage=to, **rest)

    return _bulk(request, form, "Move", "leads:bulk-move", act, lambda data: f"moved to {data['to']}")


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: Request) -> HttpResponse:
    form = BulkAssignForm(request.POST if request.method == "POST" else None, user=request.user)
    return _bulk(
        request, form, "Assign", "leads:bulk-assign", assign_deals, lambda data: f"given to {data['owner']}"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def lose(request: Request) -> HttpResponse:
    form = BulkLossForm(request.POST if request.method == "POST" else None)
    return _bulk(request, form, "Lost", "leads:bulk-lose", lose_deals, lambda data: "marked as lost")


def _bulk(
    request: Request,
    form: BulkForm,
    title: str,
    url_name: str,
    act: Callable[..., Outcome],
    what: Callable[[dict], str],
) -> HttpResponse:
    """GET: the dialog. POST: `act`, the domain's function, with what the form asks for."""
    if not form.is_valid():
        return _ask(request, form, title, url_name)
    data = dict(form.cleaned_data)
    operation = data.pop("operation") or uuid4()
    before = list(Deal.objects.visible_to(request.user).filter(pk__in=form.seen))
    try:
        outcome = act(seen=form.seen, by=request.user, operation=operation, **data)
    except Missing as error:
        form.add_error(error.fields[0], str(error))
        return _ask(request, form, title, url_name)
    except Gone:
        message = "Some of these deals are no longer here. Reload the board and select again."
        return _answer(request, before, before, message, status=404)
    except DomainError as error:
        return _answer(request, before, before, str(error), status=422)
    return _tell(request, before, outcome, what(data), operation)


def _ask(request: Request, form: BulkForm, title: str, url_name: str) -> HttpResponse:
    template = "leads/deals/_bulk.html" if request.htmx else "leads/deals/bulk.html"
    context = {"form": form, "title": title, "url_name": url_name, "operation": uuid4()}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _tell(request: Request, before: list[Deal], outcome: Outcome, what: str, operation: UUID) -> HttpResponse:
    """How many were changed, and which stayed, with the reason."""
    many = len(outcome.changed)
    message = f"{many} {'deal' if many == 1 else 'deals'} {what}"
    for deal, reason in outcome.refused[:3]:
        message += f". “{deal}” stayed: {reason}"
    deals = [*outcome.changed, *(deal for deal, _ in outcome.refused)]
    if not many:
        return _answer(request, before, deals, message, status=409)
    return _answer(request, before, deals, message, undo=operation)


def _answer(
    request: Request, before: list[Deal], deals: list[Deal], message: str, **more: object
) -> HttpResponse:
    stages = {deal.stage_id for deal in [*before, *deals]}
    return changed(request, deals=deals, stages=stages, message=message, **more)
