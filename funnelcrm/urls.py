from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import include, path, re_path
from django.views.decorators.http import require_http_methods

from funnelcrm import sign_in, views

# allauth's class-based views would also take PUT for POST.
form = require_http_methods(["GET", "HEAD", "POST"])
page = require_http_methods(["GET", "HEAD"])

handler400 = views.bad_request
handler403 = views.refused
handler404 = views.not_found
handler500 = views.server_error

# The names are allauth's: it reverses them. Its own addresses would collide with the CRM's accounts.
signing_in = [
    path("sign-in/", form(sign_in.SignIn.as_view()), name="account_login"),
    path("sign-in/code/", form(second_factor.authenticate), name="mfa_authenticate"),
    path("sign-in/inactive/", page(account.account_inactive), name="account_inactive"),
    path("sign-in/forgot/", form(account.password_reset), name="account_reset_password"),
    path("sign-in/forgot/sent/", page(account.password_reset_done), name="account_reset_password_done"),
    path(
        "sign-in/forgot/done/",
        page(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^sign-in/forgot/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        form(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("sign-out/", form(sign_in.SignOut.as_view()), name="account_logout"),
    path("sign-up/", sign_in.closed, name="account_signup"),
]

you = [
    path("you/", views.you, name="you"),
    path("you/preferences/", views.keep_preferences, name="you-preferences"),
    path("you/password/", form(account.password_change), name="account_change_password"),
    path("you/password/set/", form(account.password_set), name="account_set_password"),
    path("you/confirm/", form(account.reauthenticate), name="account_reauthenticate"),
    path("you/confirm/code/", form(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("you/two-factor/", page(second_factor.index), name="mfa_index"),
    path("you/two-factor/on/", form(totp.activate_totp), name="mfa_activate_totp"),
    path("you/two-factor/off/", form(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("you/two-factor/codes/", page(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "you/two-factor/codes/new/",
        form(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "you/two-factor/codes/download/",
        page(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    *signing_in,
    *you,
    path("", include("leads.urls")),
]
