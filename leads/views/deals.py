"""A deal's own pages: list, new, page, peek, edit, delete."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funnelcrm.errors import DomainError, Stale
from funnelcrm.htmx import Request
from leads.domain.add_deal import add_deal
from leads.domain.deals import delete_deal
from leads.domain.edit_deal import edit_deal
from leads.forms.deals import DealForm, NewDealForm, SeenForm, values_of
from leads.models import Deal
from leads.queries.deal_page import deal_page
from leads.views.access import clock_of, visible_deal
from leads.views.answers import back, changed
from leads.views.moves import gesture
from stages.models import Stage


@require_safe
def page(request: Request, pk: int) -> HttpResponse:
    """The whole page of one deal."""
    found = deal_page(visible_deal(request, pk), request.user, clock_of(request))
    return render(request, "leads/deals/page.html", {"page": found, "deal": found.deal, "operation": uuid4()})


@require_safe
def peek(request: Request, pk: int) -> HttpResponse:
    """The same, for the panel beside the board."""
    found = deal_page(visible_deal(request, pk), request.user, clock_of(request))
    context = {"page": found, "deal": found.deal, "operation": uuid4(), "peek": True}
    return render(request, "leads/deals/_peek.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Add a deal: in a column of the board, or on a page of its own."""
    currency = request.organisation.currency
    if request.method != "POST":
        stage = Stage.objects.shown().filter(pk=_digits(request.GET.get("stage", ""))).first()
        stage = stage or Stage.objects.shown().filter(pipeline__is_default=True).first()
        form = NewDealForm(
            user=request.user, currency=currency, initial={"stage": stage, "owner": request.user}
        )
        return _new_form(request, form, stage)
    form = NewDealForm(request.POST, user=request.user, currency=currency)
    if not form.is_valid():
        return _new_form(request, form, form.cleaned_data.get("stage"), status=422)
    operation = form.cleaned_data["operation"] or uuid4()
    deal = add_deal(**(form.cleaned_data | {"operation": operation}), by=request.user)
    if not request.htmx:
        return redirect("leads:deal", deal.pk)
    fresh = NewDealForm(
        user=request.user, currency=currency, initial={"stage": deal.stage, "owner": request.user}
    )
    again = ("leads/deals/_quick_add.html", {"form": fresh, "stage": deal.stage, "operation": uuid4()})
    message = f"{deal.title} added to {deal.stage.name}"
    return changed(
        request, deals=[deal], stages=[deal.stage_id], message=message, undo=operation, more=[again]
    )


def _new_form(request: Request, form: NewDealForm, stage: Stage | None, status: int = 200) -> HttpResponse:
    template = "leads/deals/_quick_add.html" if request.htmx else "leads/deals/new.html"
    context = {"form": form, "stage": stage, "operation": uuid4()}
    return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a deal's values. Somebody else's change in between is said, and what was typed stays."""
    deal = visible_deal(request, pk)
    currency = request.organisation.currency
    if request.method != "POST":
        form = DealForm(user=request.user, currency=currency, initial=values_of(deal))
        return _edit_form(request, deal, form)
    form, seen = DealForm(request.POST, user=request.user, currency=currency), SeenForm(request.POST)
    if not (form.is_valid() and seen.is_valid()):
        return _edit_form(request, deal, form, status=422)
    values = dict(form.cleaned_data)
    account, tags = values.pop("account"), values.pop("tags")
    values["owner"] = values["owner"] or deal.owner
    version = seen.cleaned_data["seen"]
    try:
        edit_deal(
            deal_id=pk,
            seen=version,
            by=request.user,
            account=account,
            tags=tags,
            values=values,
            operation=seen.key,
        )
    except DomainError as error:
        form.add_error(None, f"{error} Look at the fresh values below yours, then save again.")
        return _edit_form(request, deal, form, status=409 if isinstance(error, Stale) else 422)
    return redirect(back(request, reverse("leads:deal", args=[pk])))


def _edit_form(request: Request, deal: Deal, form: DealForm, status: int = 200) -> HttpResponse:
    context = {"deal": deal, "form": form, "operation": uuid4()}
    return render(request, "leads/deals/edit.html", context, status=status)


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    """Delete a deal. There is no "are you sure": Undo brings it back."""
    return gesture(request, pk, delete_deal, "{deal} deleted")


def _digits(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
