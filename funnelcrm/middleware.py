"""What every request passes: broken text, signing in under HTMX, the organisation's time, and caching."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from funnelcrm.models import Organisation

# The keys of every database we run on are 64-bit.
LARGEST_ID = 2**63 - 1

Answer = Callable[[HttpRequest], HttpResponse]


def refuse_broken_text(get_response: Answer) -> Answer:
    """NUL and lone surrogates are no text, and PostgreSQL refuses them: 400 rather than a crash later.

    Likewise numbers in addresses that no row can have, and bodies in an encoding that is none.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            return _refusal(request)
        if _broken(request.path) or _any_broken(request.GET) or any(map(_broken, request.COOKIES.values())):
            return _refusal(request)
        return get_response(request)

    def process_view(request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if any(isinstance(value, int) and value > LARGEST_ID for value in kwargs.values()):
            raise Http404
        if request.method == "POST" and _broken_body(request):
            return _refusal(request)
        return None

    middleware.process_view = process_view
    return middleware


def _refusal(request: HttpRequest) -> HttpResponse:
    return render(request, "400.html", status=400)


def _broken_body(request: HttpRequest) -> bool:
    """Whether the body cannot be read. NUL in a value is for the form to say, beside the field."""
    try:
        files = [file.name or "" for _, files in request.FILES.lists() for file in files]
        return any(map(_broken, [*request.POST, *request.FILES, *files]))
    except UnreadablePostError:
        return True


def _any_broken(pairs: QueryDict) -> bool:
    return any(_broken(part) for name, values in pairs.lists() for part in (name, *values))


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
        back = _page_behind(request)
        return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")

    return middleware


def _page_behind(request: HttpRequest) -> str:
    """The page from which HTMX asks. Its header is a client's word: only our own addresses count."""
    try:
        return request.htmx.current_url_abs_path or "/"
    except ValueError:
        return "/"


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
