"""The site with one view more, which is the least that any view costs: JSON without anything in it.

With KEEPS_NOTHING every answer is built.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
settings.ROOT_URLCONF = __name__
if "KEEPS_NOTHING" in os.environ:
    settings.CACHES["answers"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
application = get_wsgi_application()  # before the addresses, which need the apps


def empty(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


urlpatterns = [path("empty", empty), path("", include("project.urls"))]
