from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.acting import end_acting
from accounts.guest_models import ActingSession
from accounts.models import User


@require_POST
def end(request: HttpRequest, session_id: str) -> HttpResponse:
    """A guest leaves, before the time is over."""
    user = cast(User, request.user)
    own = ActingSession.objects.for_user(user).select_related("organization", "on_behalf_of")
    session = get_object_or_404(own, public_id=session_id)
    end_acting(actor=user, session=session, now=timezone.now())
    messages.success(request, f"You have left {session.organization}.")
    return redirect("accounts:enter", slug=session.on_behalf_of.slug)
