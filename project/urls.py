from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("desk/", admin.site.urls),
    path("api/v1/", include("forecasts.api.v1.urls")),
    path("", include("forecasts.web.urls")),
]
