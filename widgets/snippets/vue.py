"""Vue and Nuxt: one component."""

from collections.abc import Callable

from widgets.snippets.embed import OPEN, STOP, Embed, Mode, indent, js, lines, place, start
from widgets.snippets.platform import File, Guide, Platform


def _component(embed: Embed) -> str:
    label = [f"const label = {js(embed.label)};"] if embed.mode is Mode.API else []
    opens = [f"const open = () => window.Chatdock?{OPEN};"] if embed.mode is Mode.API else []
    return lines(
        "<script setup>",
        'import { onMounted, onUnmounted } from "vue";',
        "",
        *label,
        *opens,
        "let script;",
        "onMounted(() => {",
        indent(2, start(embed, "script")),
        "});",
        "onUnmounted(() => {",
        indent(2, STOP),
        "});",
        "</script>",
        "",
        "<template>",
        f"  {_element(embed)}",
        "</template>",
    )


def _element(embed: Embed) -> str:
    if embed.mode is Mode.API:
        return '<button type="button" @click="open">{{ label }}</button>'
    return place(embed) if embed.mode is Mode.INLINE else "<span hidden></span>"


def _guide(path: str, use: str, root: str) -> Callable[[Embed], Guide]:
    def guide(embed: Embed) -> Guide:
        where = f"once, in {root}" if embed.mode is Mode.POPUP else "where it belongs"
        return Guide((f"Save the component as {path}.", use.format(where=where)), File(path, _component(embed)))

    return guide


VUE = Platform("vue", "Vue", _guide("src/Chat.vue", "Import it, and put <Chat /> {where}.", "App.vue"))
NUXT = Platform(
    "nuxt",
    "Nuxt",
    _guide("app/components/Chat.vue", "Put <Chat /> {where}; Nuxt imports it by itself.", "app.vue or your layout"),
)
