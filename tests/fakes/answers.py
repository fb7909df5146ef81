"""What the demo agents say: friendly, canned Markdown that depends on what was asked."""

import re

_HELLO = (
    "Hello! I am a **demo agent**. Nothing you write leaves this machine.\n\n"
    "Ask me for a *list*, some *code*, a *table* or a *link*, and I will show how the chat draws it."
)
_LIST = (
    "Here is how a chat gets onto a page:\n\n"
    "1. Create a widget and connect your workflow\n"
    "2. Add the domains it may run on\n"
    "3. Paste one `<script>` tag\n\n"
    "And what a visitor gets:\n\n- answers that stream in\n- a conversation that survives a reload\n- keyboard access"
)
_CODE = (
    "This function greets somebody:\n\n"
    '```python\ndef greet(name: str) -> str:\n    return f"Hello, {name}!"\n```\n\n'
    'Call it with `greet("alice")`.'
)
_TABLE = (
    "A small comparison:\n\n"
    "| Plan | Widgets | Sessions a month |\n| --- | ---: | ---: |\n"
    "| Start | 1 | 1,000 |\n| Team | 10 | 20,000 |\n| Scale | 100 | 500,000 |\n\n"
    "The numbers are made up: this is a demo."
)
_LINK = (
    "You can read more here:\n\n"
    "- [The example domain](https://example.com/)\n- [The example organisation](https://example.org/)\n\n"
    "Links open in a new tab."
)
_LONG = "\n\n".join(
    f"**Part {number}.** A long answer shows whether the chat scrolls along while the text comes in, whether it stops "
    "doing so once you scroll up, and whether the lines stay readable on a narrow screen."
    for number in ("one", "two", "three", "four", "five")
)
_THANKS = "You are welcome! Is there anything else you would like to try?"

_TOPICS = (
    (r"\b(hello|hi|hey|good (morning|day|evening)|help|what can you)\b", _HELLO),
    (r"\b(list|steps?|how do i|how does)\b", _LIST),
    (r"\b(code|python|function|script)\b", _CODE),
    (r"\b(table|compare|plans?|pric(e|es|ing)|costs?)\b", _TABLE),
    (r"\b(links?|docs?|read more|website)\b", _LINK),
    (r"\b(long|story|essay)\b", _LONG),
    (r"\b(thanks?|thank you|bye)\b", _THANKS),
)


def answer_to(text: str, *, turn: int = 1) -> str:
    """Markdown that mentions what was said; `turn` is the number of the question in its conversation, from 1."""
    said = " ".join(text.split())[:200] or "(nothing)"
    for pattern, topic in _TOPICS:
        if re.search(pattern, text, re.IGNORECASE):
            return f"You asked: “{said}”.\n\n{topic}"
    remembered = f" This is message {turn} of our conversation, so I do keep track." if turn > 1 else ""
    return (
        f"You said: “{said}”.\n\nA real workflow would look that up and answer it. I am a **demo agent**, "
        f"so I can only repeat it, politely.{remembered}"
    )


def tokens_of(text: str) -> list[str]:
    """The text in pieces of about a word, as a model streams it; joined they are the text."""
    return re.findall(r"\s*\S+|\s+$", text)
