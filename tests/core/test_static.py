from django.test import Client


def test_static_file_is_served_whole(client: Client) -> None:
    answer = client.get("/static/css/tokens.css")

    assert (answer.status_code, answer.streaming) == (200, False)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert b"--" in answer.content


def test_unchanged_static_file_is_not_sent_again(client: Client) -> None:
    modified = client.get("/static/css/tokens.css").headers["Last-Modified"]

    answer = client.get("/static/css/tokens.css", headers={"If-Modified-Since": modified})

    assert (answer.status_code, answer.content) == (304, b"")


def test_head_has_no_body(client: Client) -> None:
    answer = client.head("/static/css/tokens.css")

    assert (answer.status_code, answer.content) == (200, b"")
