"""Losing a deal, with its reason, and taking it up again."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from funnelcrm.errors import DomainError, Missing
from funnelcrm.htmx import Request
from leads.domain.deals import lose_deal, reopen_deal
from leads.forms.deals import LossForm
from leads.models import Deal
from leads.views.access import visible_deal
from leads.views.answers import changed
from leads.views.moves import gesture, refused


@require_http_methods(["GET", "HEAD", "POST"])
def lose(request: Request, pk: int) -> HttpResponse:
    """GET: ask for the reason. POST: the loss."""
    deal = visible_deal(request, pk)
    if request.method != "POST":
        return _ask(request, deal, LossForm(initial={"seen": deal.version, "operation": uuid4()}))
    form = LossForm(request.POST)
    if not form.is_valid():
        return _ask(request, deal, form, status=422)
    data, operation = form.cleaned_data, form.key or uuid4()
    try:
        lost = lose_deal(
            deal_id=pk,
            seen=data["seen"],
            reason=data["reason"],
            note=data["note"],
            by=request.user,
            operation=operation,
        )
    except Missing as error:
        form.add_error(error.fields[0], str(error))
        return _ask(request, deal, form, status=422)
    except DomainError as error:
        return refused(request, deal, error)
    message = f"{deal.title} marked as lost"
    return changed(request, deals=[lost], stages=[deal.stage_id], message=message, undo=operation)


def _ask(request: Request, deal: Deal, form: LossForm, status: int = 200) -> HttpResponse:
    template = "leads/deals/_lose.html" if request.htmx else "leads/deals/lose.html"
    return render(request, template, {"deal": deal, "form": form}, status=status)


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    """The buyer came back: the deal goes on where it was lost."""
    return gesture(request, pk, reopen_deal, "{deal} reopened in {deal.stage}")
