"""The product with one guard taken out, to see that the stress tests would notice. Never part of it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "funnelcrm.settings")
application = get_wsgi_application()


def without_version_check() -> None:
    from leads.domain import deals  # noqa: PLC0415 -- needs Django to be set up

    deals._check_seen = lambda change, deal, seen: None


def without_row_lock() -> None:
    from django.db.models import QuerySet  # noqa: PLC0415

    QuerySet.select_for_update = lambda self, **options: self.all()


{"version check": without_version_check, "row lock": without_row_lock}[os.environ["STRESS_BROKEN"]]()
