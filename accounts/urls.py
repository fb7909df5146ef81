from django.urls import include, path

from accounts.views import tokens, webhooks
from accounts.views.acting import end
from accounts.views.audit import export, log
from accounts.views.brand import colours, hostname_allowed, logo
from accounts.views.grants import act, grants, received, revoke
from accounts.views.home import enter, home
from accounts.views.invitations import take
from accounts.views.login import ChangePassword, Login, Logout
from accounts.views.organizations import leave_organization, organizations
from accounts.views.palette import search
from accounts.views.sessions import again, sessions
from accounts.views.support import begin, support
from accounts.views.team import invitation, member, remove, team

app_name = "accounts"
of_endpoint = [
    path("", webhooks.endpoint, name="webhook"),
    path("rotate/", webhooks.rotate, name="rotate-webhook"),
    path("switch/", webhooks.switch, name="switch-webhook"),
    path("delete/", webhooks.delete, name="delete-webhook"),
    path("test/", webhooks.test, name="test-webhook"),
    path("deliveries/<str:delivery_id>/replay/", webhooks.replay, name="replay-delivery"),
]
urlpatterns = [
    path("", home, name="home"),
    path("o/<slug:slug>/", enter, name="enter"),
    path("o/<slug:slug>/access/", grants, name="grants"),
    path("o/<slug:slug>/access/received/", received, name="received"),
    path("o/<slug:slug>/access/for/<str:customer_id>/", act, name="act"),
    path("o/<slug:slug>/access/<str:grant_id>/revoke/", revoke, name="revoke-grant"),
    path("brand/logo/<slug:digest>.png", logo, name="brand-logo"),
    path("brand/colours/<str:name>.css", colours, name="brand-colours"),
    path("internal/hostname-allowed", hostname_allowed, name="hostname-allowed"),
    path("o/<slug:slug>/team/", team, name="team"),
    path("o/<slug:slug>/team/<int:member_id>/", member, name="member"),
    path("o/<slug:slug>/team/<int:member_id>/remove/", remove, name="remove-member"),
    path("o/<slug:slug>/team/invitations/<str:invitation_id>/", invitation, name="invitation-do"),
    path("o/<slug:slug>/audit/", log, name="audit"),
    path("o/<slug:slug>/audit/audit.csv", export, name="audit-csv"),
    path("o/<slug:slug>/support/", support, name="support"),
    path("o/<slug:slug>/support/<str:organization_id>/", begin, name="support-begin"),
    path("acting/<slug:session_id>/end/", end, name="end-acting"),
    path("invitations/<str:token>/", take, name="invitation"),
    path("o/<slug:slug>/tokens/", tokens.tokens, name="tokens"),
    path("o/<slug:slug>/tokens/<str:token_id>/revoke/", tokens.revoke, name="revoke-token"),
    path("o/<slug:slug>/webhooks/", webhooks.endpoints, name="webhooks"),
    path("o/<slug:slug>/webhooks/<str:endpoint_id>/", include(of_endpoint)),
    path("login/", Login.as_view(), name="login"),
    path("login/again/", again, name="again"),
    path("logout/", Logout.as_view(), name="logout"),
    path("search/", search, name="search"),
    path("organizations/", organizations, name="organizations"),
    path("organizations/<slug:slug>/leave/", leave_organization, name="leave"),
    path("sessions/", sessions, name="sessions"),
    path("password/change/", ChangePassword.as_view(), name="password"),
]
