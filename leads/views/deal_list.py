"""The list twin of the board: the same deals and filters, as a table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from funnelcrm.htmx import Request
from leads.queries.board import ORDER_CHOICES, STATES, chips_of, options_for, tabs_for
from leads.queries.deal_list import FIRST_ROWS, deals_page
from leads.views.access import board_of, clock_of


@require_safe
def page(request: Request) -> HttpResponse:
    """Fifty deals, and "Show more"."""
    stages, asked = board_of(request)
    options = options_for(request.user)
    stage = next((stage for stage in stages if str(stage.pk) == request.GET.get("stage")), None)
    shown = request.GET.get("shown", "")
    wanted = int(shown) if shown.isdecimal() and len(shown) < 5 else FIRST_ROWS
    found = deals_page([stage] if stage else stages, request.user, asked, clock_of(request), wanted)
    context = {
        "pipeline": stages[0].pipeline,
        "stages": stages,
        "stage": stage,
        "found": found,
        "asked": asked,
        "query": asked.query(),
        "chips": chips_of(asked, options, request.organisation.currency),
        "options": options,
        "sorted_by": {name: asked.query(sort=name) for name, _ in ORDER_CHOICES},
        "states": list(STATES.items()),
        "tabs": tabs_for(request.user, stages[0].pipeline),
    }
    return render(request, "leads/deals/list.html", context)
