from funnelcrm.htmx import Request
from leads.queries.board import ORDER_CHOICES, STATES, chips_of, options_for, tabs_for
from leads.queries.filters import BoardFilter
from stages.models import Stage


def filter_bar(request: Request, stages: list[Stage], asked: BoardFilter) -> dict:
    """What a page of deals shows of its filter: views, chips, what else can be asked, and the order."""
    options = options_for(request.user)
    return {
        "pipeline": stages[0].pipeline,
        "tabs": tabs_for(request.user, stages[0].pipeline),
        "asked": asked,
        "query": asked.query(),
        "chips": chips_of(asked, options, request.organisation.currency),
        "options": options,
        "orders": ORDER_CHOICES,
        "states": list(STATES.items()),
    }
