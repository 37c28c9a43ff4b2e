"""Every request has an id of our own making, so that a person's report leads to the line in the log."""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from secrets import token_hex

from django.http import HttpRequest, HttpResponse

_current: ContextVar[str] = ContextVar("request_id", default="-")


def current_request_id() -> str:
    return _current.get()


def name_requests(get_response: Callable[[HttpRequest], HttpResponse]):
    """Outermost middleware. What a client sends as X-Request-ID is never trusted."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _current.set(token_hex(8))
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = current_request_id()
            return response
        finally:
            _current.reset(token)

    return middleware


class AddRequestId(logging.Filter):
    """Gives each log line the id of the request during which it was written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True
