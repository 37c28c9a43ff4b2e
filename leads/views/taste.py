from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from funnelcrm.htmx import Request
from leads.domain.taste import fold_or_unfold, set_density
from leads.views.answers import back
from stages.models import Stage


@require_POST
def density(request: Request) -> HttpResponse:
    """Dense or airy cards."""
    set_density(compact=request.POST.get("compact") == "1", by=request.user)
    return redirect(back(request))


@require_POST
def fold(request: Request, stage_id: int) -> HttpResponse:
    """Fold a column of the board, or unfold it."""
    fold_or_unfold(stage=get_object_or_404(Stage.objects.shown(), pk=stage_id), by=request.user)
    return redirect(back(request))
