"""What a site owner copies: the chat for every platform, and how to say who the visitor is.

A platform is declared once, in the module named after its kind; the Install page, the download and the tests read it.
"""

from widgets.snippets.angular import ANGULAR
from widgets.snippets.csp import csp_lines
from widgets.snippets.embed import Embed, Mode, Options, make_embed
from widgets.snippets.identity import identity_snippets
from widgets.snippets.page import BUILDERS, HTML
from widgets.snippets.plain import IFRAME, LINK
from widgets.snippets.platform import File, Guide, Platform
from widgets.snippets.react import NEXT_APP, NEXT_PAGES, REACT
from widgets.snippets.svelte import SVELTE
from widgets.snippets.vue import NUXT, VUE

PLATFORMS = (HTML, REACT, NEXT_APP, NEXT_PAGES, VUE, NUXT, SVELTE, ANGULAR, *BUILDERS, IFRAME, LINK)

__all__ = [
    "PLATFORMS",
    "Embed",
    "File",
    "Guide",
    "Mode",
    "Options",
    "Platform",
    "csp_lines",
    "identity_snippets",
    "make_embed",
]
