"""Where a person is logged in."""

from allauth.usersessions.models import UserSession

from accounts.models import User
from accounts.services import record


def list_sessions(user: User) -> list[UserSession]:
    """The latest first, without those that have ended."""
    living: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(living, key=lambda session: session.created_at, reverse=True)


def end_sessions(user: User, which: str) -> int:
    """`which`: a session's number, or "others" for all but the one that asks. → how many ended."""
    found = [session for session in list_sessions(user) if not session.is_current()]
    ended = [session for session in found if which in ("others", str(session.pk))]
    for session in ended:
        session.end()
        record(action="person.logged_out_elsewhere", actor=user, organization=None, target=user.email, ip=session.ip)
    return len(ended)
