"""Views that people keep: a filter under a name, private or shared with the team."""

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from funnelcrm.errors import DomainError
from funnelcrm.htmx import Request
from leads.domain.saved_views import delete_view, save_view
from leads.forms.board import read_filter
from leads.forms.deals import SavedViewForm
from leads.models import SavedView
from leads.queries.board import chips_of, options_for
from leads.views.access import board_of


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: Request) -> HttpResponse:
    """GET: ask for a name. POST: keep the filter."""
    stages, asked = board_of(request)
    if request.method != "POST":
        return _ask(request, SavedViewForm(initial={"query": asked.query()}))
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422)
    data = form.cleaned_data
    query = urlencode(parse_qsl(read_filter(data["query"], request.user).query()))
    try:
        save_view(
            name=data["name"],
            query=query,
            shared=data["shared"],
            pipeline=stages[0].pipeline,
            by=request.user,
        )
    except DomainError as error:
        form.add_error("name", str(error))
        return _ask(request, form, status=422)
    messages.success(request, f"View “{data['name']}” saved")
    url = f"{reverse('leads:board')}?{query}"
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else redirect(url)


def _ask(request: Request, form: SavedViewForm, status: int = 200) -> HttpResponse:
    asked = read_filter(str(form["query"].value() or ""), request.user)
    chips = chips_of(asked, options_for(request.user), request.organisation.currency)
    template = "leads/board/_save_view.html" if request.htmx else "leads/board/save_view.html"
    return render(request, template, {"form": form, "chips": chips}, status=status)


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    delete_view(view_id=view.pk, by=request.user)
    messages.success(request, f"View “{view}” deleted")
    return redirect("leads:board")
