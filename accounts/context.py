from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.brands import brand_for


def brand(request: HttpRequest) -> dict[str, object]:
    """`brand` in every template: whose name and colours the page carries."""
    return {"brand": SimpleLazyObject(lambda: brand_for(request))}
