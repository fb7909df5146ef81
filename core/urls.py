from django.urls import path

from core.themes import choose_theme
from core.views import healthz, readyz

app_name = "core"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("theme/", choose_theme, name="theme"),
]
