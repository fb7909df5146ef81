"""What services raise, as answers of the API."""

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import ValidationError

from core.api import Conflict, Refused
from core.codes import Code
from licenses.services import LimitReached
from widgets.credentials import InvalidSecret, UnknownKind
from widgets.services import InvalidConfiguration, NotEntitled, NotReady, StaleDraft
from widgets.types import UnknownType


@contextmanager
def answering(field: str = "configuration") -> Iterator[None]:
    """`field`: the one that InvalidConfiguration is about."""
    try:
        yield
    except InvalidConfiguration as error:
        raise ValidationError({field: {path: [text] for path, text in error.errors.items()}}) from None
    except StaleDraft as error:
        raise Conflict(f"{error} Read it anew; its revision is {error.widget.draft_revision}.", "stale_draft") from None
    except NotReady as error:
        raise Conflict(str(error), "not_ready") from None
    except NotEntitled as error:
        raise Refused(str(error), Code.ENTITLEMENT_MISSING) from None
    except LimitReached as error:
        raise Refused(str(error), "limit_reached") from None
    except UnknownType:
        raise ValidationError({"widget_type": ["There is no such type. See /api/v1/widget-types/."]}) from None
    except InvalidSecret as error:
        raise ValidationError({"secret": [str(error)]}) from None
    except UnknownKind:
        raise ValidationError({"kind": ["This type of widget has no such credential."]}) from None
