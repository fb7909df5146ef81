"""What operators change about people: it is recorded, and the person is told."""

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any, Final

from django.template.loader import render_to_string

from accounts.brandmail import mail_people
from accounts.models import User
from accounts.services import record

log = logging.getLogger(__name__)
FACTS: Final = {
    "name": "Name",
    "is_active": "May log in",
    "is_staff": "Sees the operators’ pages",
    "is_superuser": "May do everything there",
}


def facts_of(person: User) -> dict[str, Any]:
    return {name: getattr(person, name) for name in FACTS}


def tell_changed(*, actor: User, person: User, before: Mapping[str, Any]) -> None:
    """`before`: facts_of the person as they were; nothing is said where they are so still."""
    changed = {name for name, value in facts_of(person).items() if value != before[name]}
    if not changed:
        return
    was, now = ({name: facts[name] for name in FACTS if name in changed} for facts in (before, facts_of(person)))
    record(action="person.changed", actor=actor, organization=None, target=person.email, before=was, after=now)
    _mail(person, [f"{FACTS[name]}: {_words(was[name])} → {_words(now[name])}" for name in now])


def tell_new_password(*, actor: User, person: User) -> None:
    record(action="person.password_replaced", actor=actor, organization=None, target=person.email)
    _mail(person, ["Password: set anew" if person.has_usable_password() else "Password: taken away"])


def _words(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else " ".join(str(value).split())


def _mail(person: User, lines: list[str]) -> None:
    """The change stays when the mail does not go out."""
    text = render_to_string("accounts/mail/changed.txt", {"lines": lines}).strip()
    subject, _, body = text.partition("\n\n")
    try:
        mail_people(None, to=[person.email], subject=subject, body=body)
    except (OSError, SMTPException):
        log.exception("A person was not told of what an operator changed")
