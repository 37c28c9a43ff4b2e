"""Pages of the frame itself: health, your own page, and what went wrong."""

import sys

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_not_required
from django.db import Error, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.views.decorators.http import require_POST, require_safe

from funnelcrm.forms import PreferencesForm
from funnelcrm.htmx import Request
from funnelcrm.preferences import keep
from funnelcrm.request_id import current_request_id


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process and its database answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("the database does not answer", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def you(request: Request) -> HttpResponse:
    """Your own page: who you are here, how it looks, how you sign in."""
    form = PreferencesForm(initial={"theme": request.user.theme, "single_keys": request.user.single_keys})
    return _you_page(request, form)


@require_POST
def keep_preferences(request: Request) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _you_page(request, form, status=422)
    keep(by=request.user, **form.cleaned_data)
    return redirect("you")


def _you_page(request: Request, form: PreferencesForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "two_factor": is_mfa_enabled(request.user)}
    return render(request, "you/you.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or not ours. Reloading gives a fresh one: HTMX does it by itself."""
    response = render(request, "errors/403_csrf.html", status=403)
    if request.headers.get("HX-Request") == "true":
        response.headers["HX-Refresh"] = "true"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page for what is missing and for what is somebody else's."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our mistake, or a database that is down or busy: then it is worth trying again in a moment.

    Whatever failed may fail again here: this page asks nothing of the database, the session or the person.
    """
    busy = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    page = get_template("errors/503.html" if busy else "500.html")
    response = HttpResponse(page.render({"request_id": current_request_id()}), status=503 if busy else 500)
    if busy:
        response.headers["Retry-After"] = "5"
    return response
