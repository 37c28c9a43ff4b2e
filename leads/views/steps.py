"""Next steps and touchpoints of a deal."""

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
    deal = visible_deal(request, pk)
    if request.method != "POST":
        return _ask(request, deal, StepForm(), "Next step", "leads:plan")
    form = StepForm(request.POST)
    if not form.is_valid():
        return _ask(request, deal, form, "Next step", "leads:plan", status=422)
    plan_step(deal_id=pk, by=request.user, **form.cleaned_data)
    return _done(request, deal, f"Next step set for {deal.title}")


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: Request, pk: int) -> HttpResponse:
    """Write down a touchpoint that happened."""
    deal = visible_deal(request, pk)
    if request.method != "POST":
        return _ask(request, deal, TouchpointForm(), "Log a touchpoint", "leads:log")
    form = TouchpointForm(request.POST)
    if not form.is_valid():
        return _ask(request, deal, form, "Log a touchpoint", "leads:log", status=422)
    log_touchpoint(deal_id=pk, by=request.user, **form.cleaned_data)
    return _done(request, deal, f"Touchpoint logged for {deal.title}")


@require_http_methods(["GET", "HEAD", "POST"])
def snooze(request: Request, pk: int) -> HttpResponse:
    """Let a deal rest until a day: its next step moves there."""
    deal = visible_deal(request, pk)
    if request.method != "POST":
        return _ask(request, deal, DayForm(), "Snooze", "leads:snooze")
    form = DayForm(request.POST)
    if form.is_valid() and form.cleaned_data["day"] <= request.organisation.today():
        form.add_error("day", "Choose a day to come.")
    if not form.is_valid():
        return _ask(request, deal, form, "Snooze", "leads:snooze", status=422)
    snooze_deal(deal_id=pk, until=form.cleaned_data["day"], by=request.user)
    return _done(request, deal, f"{deal.title} comes back on {form.cleaned_data['day']:%-d %b}")


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


def _ask(request: Request, deal: Deal, form, title: str, action: str, status: int = 200) -> HttpResponse:
    template = "leads/deals/_ask.html" if request.htmx else "leads/deals/ask.html"
    context = {"deal": deal, "form": form, "title": title, "action": reverse(action, args=[deal.pk])}
    return render(request, template, context, status=status)


def _done(request: Request, deal: Deal, message: str) -> HttpResponse:
    return changed(request, deals=[deal], stages=[deal.stage_id], message=message)
