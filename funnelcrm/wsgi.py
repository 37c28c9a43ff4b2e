import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http.request import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "funnelcrm.settings")


class Utf8Request(WSGIRequest):
    """A request whose text is UTF-8, whatever its Content-Type claims.

    Django would decode with any codec of Python that is named there, and fail on those
    that are none for text before a single middleware runs. Ours then refuses them with 400.
    """

    def _set_content_type_params(self, meta: dict) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    request_class = Utf8Request


django.setup(set_prefix=False)
application = Handler()
