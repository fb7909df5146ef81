from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from accounts.sessions import end_sessions, list_sessions


def sessions(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method == "POST":
        ended = end_sessions(user, request.POST.get("session", ""))
        messages.success(request, f"Logged out in {ended} other place{'' if ended == 1 else 's'}.")
        return redirect("accounts:sessions")
    return render(request, "accounts/sessions.html", {"sessions": list_sessions(user)})
