"""Every address that Django answers. ``POST /`` and ``/stream/`` are taken before: see asgi.py."""

from django.urls import include, path, re_path

from executions.rest.approval_links import decide
from executions.rest.hooks import hook
from studio import views
from studio.single_sign_on import views as single_sign_on

urlpatterns = [
    path("api/", include("studio.rest.urls")),
    path("api/", include("executions.rest.urls")),
    path("decide/<str:signed>/", decide, name="decide"),
    path("files/<path:path>", views.written_file, name="file"),
    path("hooks/<str:token>/", hook, name="hook"),
    path("hooks/<str:token>/<path:rest>", hook),
    path("healthz", views.health, name="health"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/openid/", single_sign_on.begin, name="single-sign-on"),
    path("sign-in/openid/callback/", single_sign_on.callback, name="single-sign-on-callback"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("sign-out/openid/", single_sign_on.end, name="single-sign-on-end"),
    # The bundle knows its own addresses; only those that belong to somebody else are not its.
    re_path(r"^(?!(?:api|decide|files|hooks|static|stream)/).*$", views.shell, name="shell"),
]
