"""Is the tag on a page of the owner's site, and does the page let it work? What a script of the page puts there later,
as tag managers do, is not in its HTML: so “not found” is no proof."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

from core import outbound
from core.hostnames import to_ascii
from licenses.domains import RuleSet
from licenses.wording import Tone
from widgets.models import Widget
from widgets.policy import lines_to_add
from widgets.standing import in_use

SECONDS: Final = 10.0  # for all of it
LARGEST: Final = 2 * 1024 * 1024  # bytes of a page
HOPS: Final = 3  # redirects that are followed
MENTIONS: Final = 20  # of chats, that are looked at
_MOVED: Final = (301, 302, 303, 307, 308)
_BARRED: Final = (401, 403, 429)
_HOLDERS: Final = ("<script", "<iframe", "<a ")
# Of a script that runs; others are waiting for a consent, or for nothing.
_RUNS: Final = ("", "module", "text/javascript", "application/javascript")
_NONCE = re.compile(r"""\bnonce\s*=\s*["']?([\w+/=-]+)""", re.IGNORECASE)
_TYPE = re.compile(r"""\btype\s*=\s*["']?([\w+/.-]+)""", re.IGNORECASE)
_IS_POLICY = re.compile(r"""\bhttp-equiv\s*=\s*["']?content-security-policy["'\s/>]""", re.IGNORECASE)
_META = re.compile(r"<meta\b[^<>]{0,4000}>", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL)
_PATH = re.compile(
    r"(?P<origin>(?:https?:)?//[\w.:\[\]-]{1,300})?/(?:api/widget/(?P<tag>lic_\w{1,64})/chat-widget\.js|widget/\w{1,20}/(?P<frame>lic_\w{1,64}))"
    r"(?:\?widget=(?P<widget>wgt_\w{1,64}))?"
)


class NotLooked(Exception):
    """The text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it came."""

    url: str
    text: str
    policies: tuple[str, ...]  # from its headers


@dataclass(frozen=True, slots=True)
class Verdict:
    tone: Tone
    title: str
    told: Sequence[str]  # what it means, and what to do
    copy: str = ""


def address_of(typed: str) -> str:
    """What was typed as an address to ask; https where it says nothing else. Raises ValueError."""
    parts = urlsplit(typed if "://" in typed else f"https://{typed}")
    if not parts.hostname or "@" in parts.netloc:
        raise ValueError("no host")
    host = to_ascii(parts.hostname)
    port = f":{parts.port}" if parts.port else ""
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?-._')}" if parts.query else ""
    return f"{parts.scheme}://{host}{port}{quote(parts.path or '/', safe='/%:@!$&()*+,;=~-._')}{query}"


def is_local(url: str) -> bool:
    """On the computer of whoever asks."""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


async def look(url: str, rules: RuleSet) -> Seen:
    """Follows redirects, within what the rules allow. Raises NotLooked."""
    try:
        async with asyncio.timeout(SECONDS):
            for _ in range(HOPS + 1):
                if rules.check(origin_of(url)):
                    raise NotLooked(f"The page leads on to {origin_of(url)}, which is not among the allowed domains.")
                answer = await outbound.send(
                    outbound.guarded(), "GET", url, headers={"accept": "text/html"}, deadline=SECONDS, max_bytes=LARGEST
                )
                if answer.status not in _MOVED or "location" not in answer.headers:
                    return _seen(url, answer)
                url = address_of(urljoin(url, answer.headers["location"]))
    except outbound.OutboundError as error:
        raise NotLooked(f"The page could not be read. {error}") from None
    except TimeoutError:
        raise NotLooked("The page could not be read. There was no answer in time.") from None
    except ValueError:
        raise NotLooked("The page leads on to an address that cannot be asked.") from None
    raise NotLooked("The page leads on again and again. Enter the address at which it ends.")


def _seen(url: str, answer: outbound.Response) -> Seen:
    if answer.status != 200:
        hint = " A login, a firewall or a check for robots may stand before it." if answer.status in _BARRED else ""
        raise NotLooked(f"The page answered with the status {answer.status}.{hint}")
    if "html" not in answer.headers.get("content-type", "text/html").lower():
        raise NotLooked("What stands there is no HTML page.")
    policy = answer.headers.get("content-security-policy", "")
    return Seen(url, answer.body.decode("latin-1"), tuple(filter(None, policy.split(","))))


@dataclass(frozen=True, slots=True)
class _Mention:
    license: str
    widget: str  # "": the licence's default one
    nonce: str
    origin: str  # "": it does not say


def _mentions(text: str) -> Iterator[_Mention]:
    """In tags and scripts. By hand and in one go: html.parser takes minutes for pages made to that end."""
    lower = text.lower()  # of the same length, as it is Latin-1
    for found in islice(_PATH.finditer(text), MENTIONS):
        holder = _holder(lower, found.start())
        if holder:
            nonce = _NONCE.search(text[holder])
            ids = found["tag"] or found["frame"], found["widget"] or ""
            yield _Mention(*ids, nonce[1] if nonce else "", (found["origin"] or "").lower())


def _holder(lower: str, place: int) -> slice | None:
    """The opening tag within which the place is, or that of the script."""
    start = max(lower.rfind(name, 0, place) for name in _HOLDERS)
    end = lower.find(">", start)
    if start < 0 or end < 0:
        return None
    is_script = lower.startswith("<script", start)
    kind = _TYPE.search(lower, start, end) if is_script else None
    if kind and kind[1] not in _RUNS:
        return None
    in_script = is_script and lower.find("</script", end, place) < 0
    return slice(start, end) if place < end or in_script else None


def _without_comments(text: str) -> str:
    kept, start = [], 0
    while (comment := text.find("<!--", start)) >= 0:
        kept.append(text[start:comment])
        end = text.find("-->", comment)
        if end < 0:
            return "".join(kept)
        start = end + 3
    return "".join([*kept, text[start:]])


def _meta_policies(text: str) -> Iterator[str]:
    for tag in _META.finditer(text):
        content = _CONTENT.search(tag[0])
        if _IS_POLICY.search(tag[0]) and content:
            yield unescape(content[2])


def judge(widget: Widget, embed: str, seen: Seen) -> Verdict:
    """`embed`: the origin from which the widget's chats come."""
    text = _without_comments(seen.text).replace("\\/", "/")
    mentions = list(_mentions(text))
    mine = next((each for each in mentions if _is_of(widget, each)), None)
    if mine is None:
        return _another(mentions[0]) if mentions else _absent(seen)
    if mine.origin and not mine.origin.endswith(tuple(_behind_scheme(own) for own in (embed, settings.EMBED_URL))):
        told = f"It loads the chat from {mine.origin}, which is another installation. Replace it by the tag above."
        return Verdict("bad", "The tag on the page leads elsewhere", [told])
    lacking = lines_to_add([*seen.policies, *_meta_policies(text)], embed, mine.nonce)
    if lacking:
        told = "Browsers do not load the chat there. Add these sources to the policy, beside those it has."
        return Verdict(
            "bad", "The tag is there, and the site’s Content-Security-Policy blocks it", [told], "\n".join(lacking)
        )
    if not in_use(widget):
        return Verdict("attention", "The tag is there, and the widget is not live", ["The chat appears once it is."])
    told = "Nothing in the page’s policy is against it. Open the page to see the chat."
    return Verdict("good", "The tag is there, and right", [told])


def _behind_scheme(origin: str) -> str:
    return origin.partition(":")[2].lower()


def _is_of(widget: Widget, mention: _Mention) -> bool:
    if mention.license != widget.license.public_id:
        return False
    return mention.widget == widget.public_id or (not mention.widget and widget.is_default)


def _another(mention: _Mention) -> Verdict:
    which = f"the widget {mention.widget}" if mention.widget else f"the default widget of the licence {mention.license}"
    return Verdict("bad", "The page has the tag of another widget", [f"It names {which}. Replace it by the tag above."])


def _absent(seen: Seen) -> Verdict:
    told = ["It may be there all the same: what a script of the page puts there later is not seen from here."]
    if "googletagmanager.com" in seen.text:
        told.append(
            "The page loads Google Tag Manager. If the chat comes from there, look whether its container is published."
        )
    told += [
        "The site’s cache may still hold the page as it was: clear it.",
        "A consent banner may hold the tag back until a visitor agrees.",
        "The tag may stand in the template of other pages: check one of these.",
    ]
    return Verdict("attention", "The tag was not found in the page’s HTML", told)
