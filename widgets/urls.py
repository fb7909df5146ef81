from django.urls import URLPattern, URLResolver, include, path

from widgets.views import draft, looks, versions
from widgets.views.bulk import bulk
from widgets.views.create import create
from widgets.views.edit import connection, edit
from widgets.views.install import install, install_file
from widgets.views.list import widget_list, widgets_csv
from widgets.views.onsite import look_at_page
from widgets.views.publish import plan, publish, unplan, unpublish
from widgets.views.search import search
from widgets.views.settings import delete, settings, switch
from widgets.views.share import share, unshare

of_one = [
    path("", edit, name="edit"),
    path("draft/", draft.save, name="draft"),
    path("looks/", looks.looks, name="looks"),
    path("looks/keep/", looks.keep_look, name="keep-look"),
    path("file/", looks.read_file, name="read-file"),
    path("export/", versions.export, name="export"),
    path("versions/", versions.versions, name="versions"),
    path("versions/<int:number>/restore/", versions.restore, name="restore"),
    path("duplicate/", versions.duplicate, name="duplicate"),
    path("connection/", connection, name="connection"),
    path("publish/", publish, name="publish"),
    path("publish/later/", plan, name="plan"),
    path("publish/later/cancel/", unplan, name="unplan"),
    path("unpublish/", unpublish, name="unpublish"),
    path("install/", install, name="install"),
    path("install/<slug:platform_id>/", install_file, name="install-file"),
    path("check/", look_at_page, name="check"),
    path("share/", share, name="share"),
    path("share/<str:link_id>/revoke/", unshare, name="unshare"),
    path("settings/", settings, name="settings"),
    path("switch/", switch, name="switch"),
    path("delete/", delete, name="delete"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("o/<slug:slug>/search/", search, name="search"),
    path("o/<slug:slug>/widgets/", widget_list, name="list"),
    path("o/<slug:slug>/widgets/widgets.csv", widgets_csv, name="csv"),
    path("o/<slug:slug>/widgets/new/", create, name="create"),
    path("o/<slug:slug>/widgets/many/", bulk, name="bulk"),
    path("o/<slug:slug>/widgets/<str:widget_id>/", include(of_one)),
]
