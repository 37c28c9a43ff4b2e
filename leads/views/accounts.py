from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from funnelcrm.htmx import Request
from leads.queries.accounts import suggest as suggested


@require_safe
def suggest(request: Request) -> HttpResponse:
    """Accounts for what was typed so far, as the options of a datalist."""
    typed = request.GET.get("q", "") or request.GET.get("account", "")
    return render(request, "leads/accounts/_suggest.html", {"accounts": suggested(typed[:160], request.user)})
