"""Our whole HTMX vocabulary: the request type, fragments, and messages to the page."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django_htmx.http import trigger_client_event
from django_htmx.middleware import HtmxDetails

from funnelcrm.models import Organisation, User


class Request(HttpRequest):
    """A request past our middleware: signed in, HTMX-aware, and knowing the organisation."""

    user: User
    htmx: HtmxDetails
    organisation: Organisation


def fragments(request: HttpRequest, *parts: tuple[str, dict], status: int = 200) -> HttpResponse:
    """Render several fragments into one response; each replaces the element with its id."""
    html = [render_to_string(name, {**context, "oob": True}, request) for name, context in parts]
    return HttpResponse("\n".join(html), status=status)


def tell(response: HttpResponse, message: str, **detail) -> HttpResponse:
    """Ask the page to show a short message (static/js/toast.js). `detail`: `undo` or `kind`."""
    return trigger_client_event(response, "toast", {"message": message, **detail})
