import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import Code
from n8n_relay.events import Delta, Event, Failure, Message
from n8n_relay.stream import MAX_CHARS, AnswerReader

ASKED = {"action": "sendMessage", "sessionId": "s1", "chatInput": "Hello?"}


def line(kind: str, content: Any = None, *, node: Any = "a", run: int = 0, item: int = 0) -> bytes:
    metadata = {"nodeId": node, "nodeName": "AI Agent", "itemIndex": item, "runIndex": run, "timestamp": 1}
    data = {"type": kind, "metadata": metadata} | ({} if content is None else {"content": content})
    return json.dumps(data).encode() + b"\n"


def say(*words: str, **source: Any) -> bytes:
    return b"".join([line("begin", **source), *(line("item", word, **source) for word in words), line("end", **source)])


def read(*chunks: bytes, hidden: Sequence[bytes] = ()) -> list[Event]:
    reader = AnswerReader(ASKED, hidden)
    events: list[Event] = []
    for chunk in chunks:
        events += reader.feed(chunk)
        if reader.finished:
            return events
    return events + reader.close()


def joined(events: list[Event]) -> tuple[dict[str, str], list[Event]]:
    """What is left to compare when deltas are cut differently: the text by message, and all else in order."""
    texts: dict[str, str] = {}
    for event in events:
        if isinstance(event, Delta):
            texts[event.m] = texts.get(event.m, "") + event.t
    return texts, [event for event in events if not isinstance(event, Delta)]


def test_feed_complete_line_gives_its_delta_at_once() -> None:
    reader = AnswerReader(ASKED)
    assert reader.feed(line("begin")) == []
    assert reader.feed(line("item", "Hel")) == [Delta("1", "Hel")]
    assert reader.feed(line("item", "lo")) == [Delta("1", "lo")]
    assert reader.feed(line("end")) == [Message("1", "Hello")]
    assert reader.close() == []


def test_feed_several_lines_in_a_chunk_merges_their_deltas() -> None:
    assert read(say("Hel", "lo")) == [Delta("1", "Hello"), Message("1", "Hello")]


def test_feed_line_cut_in_two_waits_for_its_end() -> None:
    whole = line("item", "Hi")
    reader = AnswerReader(ASKED)
    assert reader.feed(whole[:20]) == []
    assert reader.feed(whole[20:-1]) == []
    assert reader.feed(whole[-1:]) == [Delta("1", "Hi")]


def test_feed_nodes_runs_and_items_are_messages_of_their_own() -> None:
    body = line("item", "a") + line("item", "b", node="b") + line("item", "c", run=1) + line("item", "d", item=1)
    body += line("item", "a") + line("item", "b", node="b")
    assert read(body) == [
        *(Delta("1", "aa"), Delta("2", "bb"), Delta("3", "c"), Delta("4", "d")),
        *(Message("1", "aa"), Message("2", "bb"), Message("3", "c"), Message("4", "d")),
    ]


def test_feed_second_begin_of_a_run_starts_another_message() -> None:
    body = line("begin") + line("item", "one") + line("begin") + line("item", "two") + line("end")
    assert read(body) == [Delta("1", "one"), Message("1", "one"), Delta("2", "two"), Message("2", "two")]


def test_feed_run_that_goes_on_after_its_end_starts_another_message() -> None:
    assert read(say("one") + say("two")) == [
        Delta("1", "one"),
        Message("1", "one"),
        Delta("2", "two"),
        Message("2", "two"),
    ]


def test_feed_run_without_text_is_no_message() -> None:
    assert read(say() + say("", " \n") + say("Hi", node="b")) == [Delta("1", "Hi"), Message("1", "Hi")]


def test_feed_blank_text_before_a_message_is_dropped_and_kept_inside() -> None:
    assert read(say("\n\n", "Hi", "\n", "there")) == [Delta("1", "Hi\nthere"), Message("1", "Hi\nthere")]


@pytest.mark.parametrize(
    "noise",
    [
        *(b"\n", b"\r\n", b"  \n", b'{"type":"keepalive"}\n', b'{"type":"tool-call","content":"x"}\n', b"not json\n"),
        *(b"[1]\n", b'"item"\n', b"null\n", b"<html><title>504</title></html>\n", b'{"content":"x"}\n', b"\xff\n"),
        *(b'{"type":["item"],"content":"x"}\n', b'{"type":"item"}\n', b'{"type":"item","content":null}\n'),
    ],
)
def test_feed_what_is_not_known_is_ignored(noise: bytes) -> None:
    body = line("begin") + noise + line("item", "Hi") + noise + line("end") + noise
    assert read(body) == [Delta("1", "Hi"), Message("1", "Hi")]


@pytest.mark.parametrize("start", [b"\n", b" \r\n\n", b'{"type":"keepalive"}\n', b"\n" + b'{"type":"keepalive"}\r\n'])
def test_feed_stream_may_start_with_blanks_and_keepalives(start: bytes) -> None:
    assert read(start + say("Hi")) == [Delta("1", "Hi"), Message("1", "Hi")]
    assert read(*(bytes([byte]) for byte in start), say("Hi")) == [Delta("1", "Hi"), Message("1", "Hi")]


@pytest.mark.parametrize("metadata", [None, [], {}, {"nodeId": ["x"], "runIndex": {}}])
def test_feed_without_usable_metadata_is_one_message(metadata: Any) -> None:
    lines = [{"type": "item", "content": word, "metadata": metadata} for word in ("Hel", "lo")]
    assert read(*(json.dumps(item).encode() + b"\n" for item in lines)) == [
        *(Delta("1", "Hel"), Delta("1", "lo")),
        Message("1", "Hello"),
    ]


def test_feed_json_of_respond_to_webhook_is_unwrapped() -> None:
    assert read(say('{"output":"third","n":3}')) == [Delta("1", "third"), Message("1", "third")]


def test_feed_json_that_an_agent_spells_is_unwrapped_at_its_end() -> None:
    assert read(say('{"outp', 'ut":"Hi"}')) == [Delta("1", '{"output":"Hi"}'), Message("1", "Hi")]


def test_feed_object_as_content_is_read_like_an_answer() -> None:
    assert read(line("item", {"text": "Hi"})) == [Delta("1", "Hi"), Message("1", "Hi")]


def test_feed_error_line_is_the_last_event() -> None:
    reader = AnswerReader(ASKED)
    body = line("begin") + line("item", "Hal") + line("error", "Rate limit reached") + line("item", "more")
    assert reader.feed(body) == [Delta("1", "Hal"), Failure(Code.N8N_WORKFLOW_FAILED, "Rate limit reached")]
    assert reader.finished


def test_feed_error_line_without_description() -> None:
    assert read(line("error")) == [Failure(Code.N8N_WORKFLOW_FAILED, "")]


def test_close_message_without_end_is_complete() -> None:
    assert read(line("begin") + line("item", "Hi")) == [Delta("1", "Hi"), Message("1", "Hi")]


def test_close_last_line_without_newline_counts() -> None:
    assert read(line("item", "Hel") + line("item", "lo")[:-1]) == [
        *(Delta("1", "Hel"), Delta("1", "lo")),
        Message("1", "Hello"),
    ]
    assert read(line("item", "Hi")[:-1]) == [Delta("1", "Hi"), Message("1", "Hi")]


@pytest.mark.parametrize("body", [line("begin") + line("end"), b'{"type":"keepalive"}\n', line("begin")[:-1]])
def test_close_stream_without_text_is_no_answer(body: bytes) -> None:
    assert read(body) == [Failure(Code.N8N_NO_ANSWER, "The workflow streamed no text.")]


def test_close_nothing_at_all_is_no_answer() -> None:
    assert read() == [Failure(Code.N8N_NO_ANSWER, "n8n sent an empty answer.")]
    assert read(b"\n", b"\n") == [Failure(Code.N8N_NO_ANSWER, "n8n sent an empty answer.")]


@pytest.mark.parametrize(
    "body",
    [
        *(
            b'{"output":"Hi"}',
            b'{\n  "output": "Hi"\n}\n',
            b'\n\n{"output":"Hi"}\n',
            b"Hi",
            b'"Hi"\n',
            b'[{"text":"Hi"}]',
        ),
        *(b'{"type":"item","output":"Hi"}', b'{"type":"error","message":"Hi"}\n', b'{"type":"text","text":"Hi"}'),
    ],
)
def test_close_body_is_read_as_one_answer(body: bytes) -> None:
    assert read(body) == [Message("1", "Hi")]
    assert read(*(bytes([byte]) for byte in body)) == [Message("1", "Hi")]


def test_close_text_of_several_lines_keeps_them() -> None:
    assert read(b"Hi\n\nthe", b"re\nyou\n") == [Message("1", "Hi\n\nthere\nyou")]


def test_close_text_with_a_stream_line_in_it_stays_text() -> None:
    assert read(b"Look:\n" + line("item", "x")) == [Message("1", "Look:\n" + line("item", "x").decode().strip())]


def test_close_request_handed_back_is_no_answer() -> None:
    body = json.dumps(ASKED).encode()
    assert read(body) == [Failure(Code.N8N_NO_ANSWER, "There is no text in the answer: " + body.decode())]


TOO_LARGE = Failure(Code.UPSTREAM_MALFORMED, "The answer is larger than 1 MB.")


def test_feed_body_over_the_limit_fails_at_once() -> None:
    reader = AnswerReader(ASKED)
    assert reader.feed(b"x" * MAX_CHARS) == []
    assert reader.feed(b"x") == [TOO_LARGE]
    assert reader.finished


def test_feed_line_over_the_limit_fails_at_once() -> None:
    assert read(line("begin"), b"x" * (MAX_CHARS + 1)) == [TOO_LARGE]


def test_feed_text_over_the_limit_fails_at_once() -> None:
    reader = AnswerReader(ASKED)
    big = line("item", "x" * (MAX_CHARS // 2))
    assert [type(event) for event in reader.feed(big) + reader.feed(big)] == [Delta, Delta]
    assert reader.feed(line("item", "x")) == [TOO_LARGE]


def test_feed_raw_stream_may_be_longer_than_its_text() -> None:
    reader = AnswerReader(ASKED)
    for _ in range(MAX_CHARS // 100):
        reader.feed(line("item", "x"))
    assert reader.close() == [Message("1", "x" * (MAX_CHARS // 100))]


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (say("Key ", "hunter2hunter2", "!"), [Delta("1", "Key •••!"), Message("1", "Key •••!")]),
        (b'{"output":"Key hunter2hunter2!"}', [Message("1", "Key •••!")]),
        (b"Key hunter2hunter2!\n", [Message("1", "Key •••!")]),
        (line("error", "Key hunter2hunter2!"), [Failure(Code.N8N_WORKFLOW_FAILED, "Key •••!")]),
        (b'{"error":"Key hunter2hunter2!"}', [Failure(Code.N8N_WORKFLOW_FAILED, "Key •••!")]),
    ],
)
def test_feed_hidden_text_never_shows(body: bytes, events: list[Event]) -> None:
    for chunks in ([body], [body[:30], body[30:]], [bytes([byte]) for byte in body]):
        assert joined(read(*chunks, hidden=[b"hunter2hunter2"])) == joined(events)


words = st.text(max_size=8) | st.sampled_from(["{", '{"output":"x"}', "\n", "é", "😀"])
stream_lines = st.builds(
    line,
    st.sampled_from(["begin", "item", "item", "item", "end", "keepalive", "thinking"]),
    st.none() | words,
    node=st.sampled_from(["a", "b"]),
    run=st.integers(0, 1),
) | st.sampled_from([b"\n", b"junk\n", b'{"type":"keepalive"}\n', b'{"type":"error","content":"No"}\n'])
bodies = st.lists(stream_lines, max_size=12).map(b"".join) | st.binary(max_size=60) | words.map(str.encode)


@given(bodies, st.data())
def test_feed_any_split_gives_the_same_events(body: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=10)))
    chunks = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert joined(read(*chunks)) == joined(read(body))


@given(bodies)
def test_feed_byte_by_byte_gives_the_same_events(body: bytes) -> None:
    assert joined(read(*(bytes([byte]) for byte in body))) == joined(read(body))


@given(bodies)
def test_close_any_answer_ends_in_a_message_or_one_failure(body: bytes) -> None:
    events = read(body)
    failures = [event for event in events if isinstance(event, Failure)]
    assert len(failures) <= 1
    assert failures == [] or events[-1] is failures[0]
    assert any(isinstance(event, Message) for event in events) or len(failures) == 1


@given(st.lists(words.filter(lambda word: not word.startswith("{")), min_size=1))
def test_feed_deltas_and_message_agree(said: list[str]) -> None:
    texts, rest = joined(read(*(line("item", word) for word in said)))
    expected = "".join(said)
    while said and not said[0].strip():
        expected = "".join(said := said[1:])
    assert (texts, rest) == (
        ({"1": expected}, [Message("1", expected)])
        if said
        else ({}, [Failure(Code.N8N_NO_ANSWER, "The workflow streamed no text.")])
    )
