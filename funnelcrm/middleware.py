"""What every request passes: broken text, signing in under HTMX, the organisation's time, and caching."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from funnelcrm.models import Organisation

Answer = Callable[[HttpRequest], HttpResponse]


def refuse_broken_text(get_response: Answer) -> Answer:
    """NUL and lone surrogates are no text, and PostgreSQL refuses them: 400 rather than a crash later."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _broken(request.path) or any(
            _broken(part) for pair in request.GET.lists() for part in (pair[0], *pair[1])
        ):
            return HttpResponseBadRequest("This address holds characters that are no text.")
        return get_response(request)

    return middleware


def _broken(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)


def redirect_htmx_to_sign_in(get_response: Answer) -> Answer:
    """An expired session must navigate: a plain redirect would put the sign-in page into a card."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        to_sign_in = response.status_code == 302 and urlsplit(response["Location"]).path == resolve_url(
            settings.LOGIN_URL
        )
        if not (request.htmx and to_sign_in):
            return response
        back = request.htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")

    return middleware


def local_time(get_response: Answer) -> Answer:
    """Templates show the organisation's time; what is stored stays UTC."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        request.organisation = Organisation.current()
        with timezone.override(request.organisation.zone):
            return get_response(request)

    return middleware


def private_answers(get_response: Answer) -> Answer:
    """Pages hold people's data: no shared cache keeps them, and fragments never pass for pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware
