from widgets.snippets.embed import OPEN, STOP, Embed, Mode, indent, js, lines, place, start
from widgets.snippets.platform import File, Guide, Platform

PATH = "src/lib/Chat.svelte"


def _component(embed: Embed) -> str:
    label = [f"  const label = {js(embed.label)};"] if embed.mode is Mode.API else []
    return lines(
        "<script>",
        '  import { onMount } from "svelte";',
        "",
        *label,
        "  onMount(() => {",
        indent(4, start(embed)),
        "    return () => {",
        indent(6, STOP),
        "    };",
        "  });",
        "</script>",
        *_element(embed),
    )


def _element(embed: Embed) -> list[str]:
    if embed.mode is Mode.POPUP:
        return []
    if embed.mode is Mode.INLINE:
        return ["", place(embed)]
    return ["", f'<button type="button" onclick={{() => window.Chatdock?{OPEN}}}>{{label}}</button>']


def _guide(embed: Embed) -> Guide:
    where = (
        "Put <Chat /> once into src/routes/+layout.svelte, or App.svelte without SvelteKit."
        if embed.mode is Mode.POPUP
        else "Import it, and put <Chat /> where it belongs."
    )
    return Guide((f"Save the component as {PATH}.", where), File(PATH, _component(embed)))


SVELTE = Platform("svelte", "Svelte", _guide)
