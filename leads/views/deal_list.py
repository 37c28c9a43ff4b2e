"""The list twin of the board: the same deals and filters, as a table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from funnelcrm.htmx import Request
from leads.queries.deal_list import FIRST_ROWS, deals_page, lost_deals
from leads.views.access import board_of, clock_of
from leads.views.filter_bar import filter_bar


@require_safe
def page(request: Request) -> HttpResponse:
    """Fifty deals, and "Show more"."""
    stages, asked = board_of(request)
    stage = next((stage for stage in stages if str(stage.pk) == request.GET.get("stage")), None)
    found = deals_page([stage] if stage else stages, request.user, asked, clock_of(request), _shown(request))
    context = filter_bar(request, stages, asked) | {"stage": stage, "found": found}
    return render(request, "leads/deals/list.html", context)


@require_safe
def lost(request: Request) -> HttpResponse:
    """The deals that were lost, and the customers that left."""
    words = request.GET.get("q", "")[:100]
    found = lost_deals(request.user, words, _shown(request))
    return render(request, "leads/deals/lost.html", {"found": found, "words": words})


def _shown(request: Request) -> int:
    shown = request.GET.get("shown", "")
    return int(shown) if shown.isdecimal() and len(shown) < 5 else FIRST_ROWS
