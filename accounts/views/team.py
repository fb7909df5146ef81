"""The Team page: members, and invitations that wait."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import OrganizationRequest, organization_view
from accounts.forms.people import InvitationForm, MemberForm
from accounts.freshness import fresh_deeds_required
from accounts.guest_models import Invitation
from accounts.invitations import InvalidInvitation, MailFailed, invite, resend, withdraw
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.team import NoRoom, TeamRefused, change_member, remove_member, roles_for, with_factors
from accounts.views.limits import too_many


@organization_view(Permission.MEMBER_MANAGE)
@fresh_deeds_required
def team(request: OrganizationRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None, roles=roles_for(request.membership))
    if form.is_valid() and _invited(request, form):
        return redirect("accounts:team", slug=request.organization.slug)
    organization, now = request.organization, timezone.now()
    context = {
        "form": form,
        "members": with_factors(Membership.objects.for_organization(organization)).order_by("user__email"),
        "invitations": Invitation.objects.for_organization(organization).waiting().select_related("invited_by"),
        "now": now,
        "manageable": {role.value for role in roles_for(request.membership)},
    }
    return render(request, "accounts/team.html", context, status=422 if form.errors else 200)


def _invited(request: OrganizationRequest, form: InvitationForm) -> bool:
    if too_many("invite", request.organization.pk):
        form.add_error(None, "That were many invitations. Wait an hour, then go on.")
        return False
    values = form.cleaned_data
    try:
        invitation = invite(
            actor=request.membership,
            email=values["email"],
            role=values["role"],
            days=values["days"],
            member_until=values["until"],
            now=timezone.now(),
        )
    except (TeamRefused, NoRoom, MailFailed) as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"{invitation.email} has a mail with a link.")
    return True


@organization_view(Permission.MEMBER_MANAGE)
@fresh_deeds_required
def member(request: OrganizationRequest, member_id: int) -> HttpResponse:
    """Another role or end; removing stands on the same page."""
    found = _member(request, member_id)
    initial = {"role": found.role, "until": found.expires_at and found.expires_at.date()}
    form = MemberForm(request.POST or None, roles=roles_for(request.membership), initial=initial)
    if form.is_valid():
        role, until = form.cleaned_data["role"], form.cleaned_data["until"]
        try:
            change_member(actor=request.membership, member=found, role=role, expires_at=until)
        except TeamRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{found.user} is changed.")
            return redirect("accounts:team", slug=request.organization.slug)
    context = {"form": form, "member": found, "tokens": _tokens(found)}
    return render(request, "accounts/member.html", context, status=422 if form.errors else 200)


@require_POST
@organization_view(Permission.MEMBER_MANAGE)
@fresh_deeds_required
def remove(request: OrganizationRequest, member_id: int) -> HttpResponse:
    found = _member(request, member_id)
    try:
        remove_member(actor=request.membership, member=found)
    except TeamRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{found.user} is no longer a member.")
    return redirect("accounts:team", slug=request.organization.slug)


@require_POST
@organization_view(Permission.MEMBER_MANAGE)
@fresh_deeds_required
def invitation(request: OrganizationRequest, invitation_id: str) -> HttpResponse:
    """`do`: resend or withdraw."""
    waiting = Invitation.objects.for_organization(request.organization).waiting()
    found = get_object_or_404(waiting, public_id=invitation_id)
    try:
        if request.POST.get("do") == "withdraw":
            withdraw(actor=request.membership, invitation=found, now=timezone.now())
            messages.success(request, f"The invitation of {found.email} is withdrawn: its link opens nothing.")
        elif too_many("invite", request.organization.pk):
            messages.error(request, "That were many mails. Wait an hour, then try again.")
        else:
            resend(actor=request.membership, invitation=found, now=timezone.now())
            messages.success(request, f"{found.email} has a new mail. The link in the old one opens nothing any more.")
    except (TeamRefused, MailFailed) as error:
        messages.error(request, str(error))
    except InvalidInvitation:
        messages.error(request, "This invitation was taken or withdrawn in the meantime.")
    return redirect("accounts:team", slug=request.organization.slug)


def _member(request: OrganizationRequest, member_id: int) -> Membership:
    own = with_factors(Membership.objects.for_organization(request.organization))
    return get_object_or_404(own, pk=member_id)


def _tokens(member: Membership) -> int:
    """How many API tokens stop when this member goes."""
    own = member.organization.api_tokens.filter(created_by=member.user, revoked_at=None)
    return own.exclude(expires_at__lte=timezone.now()).count()
