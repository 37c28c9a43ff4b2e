"""The board, its columns, its tabs, and the poll that keeps two open boards the same."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from funnelcrm.htmx import Request, fragments
from funnelcrm.models import User
from leads.forms.board import read_filter, read_shown
from leads.queries.board import (
    changed_since,
    count_tabs,
    sum_of,
    tabs_for,
    version_text,
    versions_of,
)
from leads.queries.columns import columns_for
from leads.queries.filters import BoardFilter
from leads.queries.totals import totals_of
from leads.views.access import board_of, clock_of
from leads.views.filter_bar import filter_bar


@require_safe
def home(request: Request) -> HttpResponse:
    """Where people begin: managers with what needs attention, everybody else with the whole board."""
    start = f"?{BoardFilter(state='attention').query()}" if request.user.role == User.Role.MANAGER else ""
    return redirect(reverse("leads:board") + start)


@require_safe
def board(request: Request) -> HttpResponse:
    """The whole board, for one filter."""
    stages, asked = board_of(request)
    pipeline, clock, user = stages[0].pipeline, clock_of(request), request.user
    versions = versions_of(stages, user)  # before the cards: what changes in between is then polled again
    columns = columns_for(stages, user, asked, clock, read_shown(request.GET))
    context = filter_bar(request, stages, asked) | {
        "columns": columns,
        "together": sum_of({column.stage.pk: column.totals for column in columns}, stages),
        "version": version_text(versions, pipeline, clock),
        "first_won": next((stage for stage in stages if stage.is_won), None),
    }
    return render(request, "leads/board/page.html", context)


@require_safe
def column(request: Request, stage_id: int) -> HttpResponse:
    """More cards of one column: those after the ones that are shown."""
    stages, asked = board_of(request)
    stage = next((stage for stage in stages if stage.pk == stage_id), None)
    if stage is None:
        raise Http404
    shown = read_shown(request.GET).get(stage_id, 0)
    (found,) = columns_for([stage], request.user, asked, clock_of(request), {stage_id: shown})
    found.cards = found.cards[max(shown - 20, 0) :]
    return render(request, "leads/board/_more_cards.html", {"column": found, "query": asked.query()})


@require_safe
def changes(request: Request) -> HttpResponse:
    """What has changed since a version: nothing (204), or the columns that differ."""
    stages, asked = board_of(request)
    pipeline, clock, user = stages[0].pipeline, clock_of(request), request.user
    versions = versions_of(stages, user)
    changed = changed_since(request.GET.get("since", ""), versions, pipeline, clock)
    if not changed:
        return HttpResponse(status=204)
    totals = totals_of(stages, user, asked, clock, heads=changed)
    stale = [stage for stage in stages if stage.pk in changed]
    columns = columns_for(stale, user, asked, clock, read_shown(request.GET), totals)
    query = asked.query()
    parts = [("leads/board/_column.html", {"column": column, "query": query}) for column in columns]
    together = sum_of(totals, stages)
    parts.append(("leads/board/_sum.html", {"together": together, "query": query}))
    response = fragments(request, *parts)
    return trigger_client_event(
        response, "board:version", {"version": version_text(versions, pipeline, clock)}
    )


@require_safe
def tabs(request: Request) -> HttpResponse:
    """The saved views with how many open deals each holds."""
    stages, asked = board_of(request)
    found = tabs_for(request.user, stages[0].pipeline)
    filters = [read_filter(tab.query, request.user) for tab in found]
    counted = count_tabs(found, filters, request.user, clock_of(request), stages)
    return render(
        request, "leads/board/_tabs.html", {"tabs": counted, "query": asked.query(), "counted": True}
    )
