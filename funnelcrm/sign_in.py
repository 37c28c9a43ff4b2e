"""Signing in and out: django-allauth, with our rules about who, how often and in which words."""

import logging
from base64 import urlsafe_b64encode
from hashlib import sha256
from smtplib import SMTPException

from allauth.account import views as allauth_views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

logger = logging.getLogger(__name__)

WRONG_PAIR = "This address and password do not belong together."
TOO_OFTEN = "Too many tries. Wait five minutes, then try again."


class ClosedDoor(DefaultAccountAdapter):
    """People are invited; nobody signs up by themselves."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG_PAIR,
        "username_password_mismatch": WRONG_PAIR,
        "too_many_login_attempts": TOO_OFTEN,
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your current password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """One answer for everybody: no header turns our pages into JSON."""
        return False

    def add_message(self, *args, **kwargs) -> None:
        """The page after says what happened; nothing waits to be shown somewhere else."""

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """A mail server that is down must neither break the page nor tell who has an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            logger.exception("A mail was not sent (%s).", template_prefix)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        """Count failures per person and address of the client: a stranger elsewhere locks nobody out."""
        login = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{login}:{self.get_client_ip(request)}"


class KeptSecrets(DefaultMFAAdapter):
    """The secrets of second factors are worthless to whoever only reads the database."""

    def encrypt(self, text: str) -> str:
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _lock().decrypt(encrypted_text.encode()).decode()


def _lock() -> MultiFernet:
    """The newest key closes, each one still listed opens."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(urlsafe_b64encode(sha256(b"second factor:" + key.encode()).digest())) for key in keys]
    )


class SignIn(allauth_views.LoginView):
    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = 429
            response.headers["Retry-After"] = "300"
        return response


@method_decorator(login_not_required, name="dispatch")
class SignOut(allauth_views.LogoutView):
    def post(self, *args, **kwargs) -> HttpResponse:
        """Also ask the browser to forget the pages it has kept: "Back" must show nothing."""
        response = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


@login_not_required
def closed(request: HttpRequest) -> HttpResponse:
    """Nobody signs up here. allauth needs the address to have a name."""
    raise Http404
