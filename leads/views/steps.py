"""Next steps and touchpoints of a deal."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from funnelcrm.errors import DomainError
from funnelcrm.htmx import Request
from leads.domain.touchpoints import complete_step, log_touchpoint, plan_step, reschedule_step, snooze_deal
from leads.forms.deals import DayForm, DoneForm, StepForm, TouchpointForm
from leads.models import Deal
from leads.views.access import visible_deal, visible_touchpoint
from leads.views.answers import changed


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Request, pk: int) -> HttpResponse:
    """What to do next with a deal."""

    def do(deal: Deal, data: dict) -> str:
        plan_step(deal_id=pk, by=request.user, **data)
        return f"Next step set for {deal.title}"

    return _ask_and_do(request, pk, StepForm, "Next step", "leads:plan", do)


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: Request, pk: int) -> HttpResponse:
    """Write down a touchpoint that happened."""

    def do(deal: Deal, data: dict) -> str:
        log_touchpoint(deal_id=pk, by=request.user, **data)
        return f"Touchpoint logged for {deal.title}"

    return _ask_and_do(request, pk, TouchpointForm, "Log a touchpoint", "leads:log", do)


@require_http_methods(["GET", "HEAD", "POST"])
def snooze(request: Request, pk: int) -> HttpResponse:
    """Let a deal rest until a day: what is planned before moves there."""

    def do(deal: Deal, data: dict) -> str:
        snooze_deal(deal_id=pk, until=data["day"], by=request.user)
        return f"{deal.title} comes back on {data['day']:%-d %b}"

    return _ask_and_do(request, pk, DayForm, "Snooze", "leads:snooze", do)


@require_POST
def done(request: Request, pk: int) -> HttpResponse:
    """A planned step was done. Then the page asks: and then?"""
    step = visible_touchpoint(request, pk)
    form = DoneForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    complete_step(step_id=pk, by=request.user, note=note)
    return _done(request, step.deal, f"Done: {step}. And then?")


@require_POST
def reschedule(request: Request, pk: int) -> HttpResponse:
    """Move a planned step to another day."""
    step = visible_touchpoint(request, pk)
    form = DayForm(request.POST)
    if not form.is_valid():
        return changed(
            request, deals=[step.deal], stages=[step.deal.stage_id], message="Choose a day first.", status=422
        )
    try:
        reschedule_step(step_id=pk, due_on=form.cleaned_data["day"], by=request.user)
    except DomainError as error:
        return changed(
            request, deals=[step.deal], stages=[step.deal.stage_id], message=str(error), status=422
        )
    return _done(request, step.deal, f"{step} moved to {form.cleaned_data['day']:%-d %b}")


def _ask_and_do(
    request: Request,
    pk: int,
    form_class: type[Form],
    title: str,
    url_name: str,
    do: Callable[[Deal, dict], str],
) -> HttpResponse:
    """GET: a small form about a deal. POST: what it asks for; `do` answers with a word about it."""
    deal = visible_deal(request, pk)
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _done(request, deal, do(deal, form.cleaned_data))
        except DomainError as error:
            form.add_error(None, str(error))
    template = "leads/deals/_ask.html" if request.htmx else "leads/deals/ask.html"
    context = {"deal": deal, "form": form, "title": title, "action": reverse(url_name, args=[pk])}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _done(request: Request, deal: Deal, message: str) -> HttpResponse:
    return changed(request, deals=[deal], stages=[deal.stage_id], message=message)
