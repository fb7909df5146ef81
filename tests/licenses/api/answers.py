from django.http import HttpResponse


def refused(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]
