from django.urls import path

from accounts.views.acting import end
from accounts.views.audit import export, log
from accounts.views.home import enter, home
from accounts.views.invitations import take
from accounts.views.login import ChangePassword, Login, Logout
from accounts.views.organizations import leave_organization, organizations
from accounts.views.palette import search
from accounts.views.sessions import sessions
from accounts.views.support import begin, support
from accounts.views.team import invitation, member, remove, team

app_name = "accounts"
urlpatterns = [
    path("", home, name="home"),
    path("o/<slug:slug>/", enter, name="enter"),
    path("o/<slug:slug>/team/", team, name="team"),
    path("o/<slug:slug>/team/<int:member_id>/", member, name="member"),
    path("o/<slug:slug>/team/<int:member_id>/remove/", remove, name="remove-member"),
    path("o/<slug:slug>/team/invitations/<str:invitation_id>/", invitation, name="invitation-do"),
    path("o/<slug:slug>/audit/", log, name="audit"),
    path("o/<slug:slug>/audit/audit.csv", export, name="audit-csv"),
    path("o/<slug:slug>/support/", support, name="support"),
    path("o/<slug:slug>/support/<str:organization_id>/", begin, name="support-begin"),
    path("acting/<str:session_id>/end/", end, name="end-acting"),
    path("invitations/<str:token>/", take, name="invitation"),
    path("login/", Login.as_view(), name="login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("search/", search, name="search"),
    path("organizations/", organizations, name="organizations"),
    path("organizations/<slug:slug>/leave/", leave_organization, name="leave"),
    path("sessions/", sessions, name="sessions"),
    path("password/change/", ChangePassword.as_view(), name="password"),
]
