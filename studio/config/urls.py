"""Every address that Django answers. ``POST /`` and ``/stream/`` are taken before: see asgi.py."""

from django.urls import include, path, re_path

from executions.rest.approval_links import decide
from executions.rest.hooks import hook
from studio import views

urlpatterns = [
    path("api/", include("studio.rest.urls")),
    path("api/", include("executions.rest.urls")),
    path("decide/<str:signed>/", decide, name="decide"),
    path("files/<path:path>", views.written_file, name="file"),
    path("hooks/<str:token>/", hook, name="hook"),
    path("hooks/<str:token>/<path:rest>", hook),
    path("healthz", views.health, name="health"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    # The bundle knows its own addresses; only those that belong to somebody else are not its.
    re_path(r"^(?!(?:api|decide|files|hooks|static|stream)/).*$", views.shell, name="shell"),
]
