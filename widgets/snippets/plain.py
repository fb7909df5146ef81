"""Without a script: the chat's page in a frame, or as a link."""

from widgets.snippets.embed import Embed, Mode, html
from widgets.snippets.platform import File, Guide, Platform


def _iframe(embed: Embed) -> Guide:
    frame = (
        f'<iframe src="{html(embed.link)}" title="{html(embed.label)}" width="100%" height="{embed.window}" '
        'referrerpolicy="origin" allow="clipboard-write; microphone" loading="lazy" frameborder="0"></iframe>'
    )
    steps = (
        "Paste it where the chat belongs. Keep referrerpolicy: it tells our server on which site the chat stands.",
        "For sites that allow no scripts. There is no launcher, and your page cannot open or fill the chat.",
    )
    return Guide(steps, File("chat.html", frame))


def _link(embed: Embed) -> Guide:
    steps = ("Use it in e-mails, menus and QR codes. It opens the chat as a page of its own, on no site of yours.",)
    return Guide(steps, File("chat-link.txt", embed.link))


IFRAME = Platform("iframe", "Plain iframe", _iframe, (Mode.INLINE,))
LINK = Platform("link", "Full-page link", _link)
