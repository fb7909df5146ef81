from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.freshness import ask_again, may_send
from accounts.models import User
from accounts.sessions import end_sessions, list_sessions


def sessions(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method == "POST":
        ended = end_sessions(user, request.POST.get("session", ""))
        messages.success(request, f"Logged out in {ended} other place{'' if ended == 1 else 's'}.")
        return redirect("accounts:sessions")
    return render(request, "accounts/sessions.html", {"sessions": list_sessions(user)})


@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """For a form in another tab: 200 while what it sends is taken; else whoever comes here shows first who they are."""
    return render(request, "accounts/again.html") if may_send(request) else ask_again(request)
