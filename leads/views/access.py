"""The object a request is about, or 404: what one may not see does not exist."""

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from funnelcrm.htmx import Request
from leads.forms.board import read_filter
from leads.models import Deal, Touchpoint
from leads.queries.board import stages_of
from leads.queries.clock import Clock
from leads.queries.filters import BoardFilter
from stages.models import Stage


def visible_deal(request: Request, pk: int) -> Deal:
    related = ("stage__pipeline", "account", "owner", "source", "next_step__type", "loss_reason")
    deals = Deal.objects.visible_to(request.user).select_related(*related).prefetch_related("tags")
    return get_object_or_404(deals, pk=pk)


def visible_touchpoint(request: Request, pk: int) -> Touchpoint:
    return get_object_or_404(Touchpoint.objects.visible_to(request.user).select_related("deal"), pk=pk)


def clock_of(request: Request) -> Clock:
    return Clock.of(request.organisation)


def board_of(request: Request) -> tuple[list[Stage], BoardFilter]:
    """The board that the person looks at: of this address, or of the one sent along with a change."""
    query = QueryDict(request.POST.get("board", "")) if request.method == "POST" else request.GET
    stages = stages_of(query.get("pipeline"))
    if not stages:
        raise Http404
    return stages, read_filter(query, request.user)
