"""Several deals at once. What is refused stays and is named; the rest is done, and can be undone."""

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


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request) -> HttpResponse:
    form = BulkMoveForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form, "Move", "leads:bulk-move")
    to_stage = form.cleaned_data["to"]

    def act(operation: UUID) -> Outcome:
        return move_deals(seen=form.seen, to_stage=to_stage, by=request.user, operation=operation)

    return _do(request, form, act, f"moved to {to_stage.name}")


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: Request) -> HttpResponse:
    form = BulkAssignForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form, "Assign", "leads:bulk-assign")
    owner = form.cleaned_data["owner"]

    def act(operation: UUID) -> Outcome:
        return assign_deals(seen=form.seen, owner=owner, by=request.user, operation=operation)

    return _do(request, form, act, f"given to {owner.name}")


@require_http_methods(["GET", "HEAD", "POST"])
def lose(request: Request) -> HttpResponse:
    form = BulkLossForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form, "Lost", "leads:bulk-lose")
    reason, note = form.cleaned_data["reason"], form.cleaned_data["note"]

    def act(operation: UUID) -> Outcome:
        return lose_deals(seen=form.seen, reason=reason, note=note, by=request.user, operation=operation)

    try:
        return _do(request, form, act, "marked as lost")
    except Missing as error:
        form.add_error(error.fields[0], str(error))
        return _ask(request, form, "Lost", "leads:bulk-lose")


def _ask(request: Request, form: BulkForm, title: str, url_name: str) -> HttpResponse:
    template = "leads/deals/_bulk.html" if request.htmx else "leads/deals/bulk.html"
    context = {"form": form, "title": title, "url_name": url_name, "operation": uuid4()}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _do(request: Request, form: BulkForm, act, what: str) -> HttpResponse:
    operation = form.cleaned_data["operation"] or uuid4()
    before = list(Deal.objects.visible_to(request.user).filter(pk__in=form.seen))
    stages = {deal.stage_id for deal in before}
    try:
        outcome = act(operation)
    except Gone:
        message = "Some of these deals are no longer here. Reload the board and select again."
        return changed(request, deals=before, stages=stages, message=message, status=404)
    except Missing:
        raise
    except DomainError as error:
        return changed(request, deals=before, stages=stages, message=str(error), status=422)
    deals = [*outcome.changed, *(deal for deal, _ in outcome.refused)]
    stages |= {deal.stage_id for deal in deals}
    message = f"{len(outcome.changed)} {'deal' if len(outcome.changed) == 1 else 'deals'} {what}"
    for deal, reason in outcome.refused[:3]:
        message += f". “{deal}” stayed: {reason}"
    status = 200 if outcome.changed else 409
    undo = operation if outcome.changed else None
    return changed(request, deals=deals, stages=stages, message=message, undo=undo, status=status)
