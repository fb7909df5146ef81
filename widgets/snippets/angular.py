from widgets.snippets.embed import OPEN, Embed, Mode, indent, js, lines, place, start
from widgets.snippets.platform import File, Guide, Platform

PATH = "src/app/chat.ts"
_TYPED = "(window as any).Chatdock"


def _component(embed: Embed) -> str:
    api = [f"label = {js(embed.label)};", f"open = () => {_TYPED}?{OPEN};"] if embed.mode is Mode.API else []
    return lines(
        'import { Component, OnDestroy, afterNextRender } from "@angular/core";',
        "",
        "@Component({",
        '  selector: "app-chat",',
        f"  template: {js(_element(embed))},",
        "})",
        "export class Chat implements OnDestroy {",
        *([indent(2, api)] if api else []),
        "  private script?: HTMLScriptElement;",
        "",
        "  constructor() {",
        "    afterNextRender(() => {",
        indent(6, start(embed, "const script = this.script", _TYPED)),
        "    });",
        "  }",
        "",
        "  ngOnDestroy() {",
        "    if (!this.script) return;",
        "    this.script.remove();",
        f"    {_TYPED}?.destroy?.();",
        "  }",
        "}",
    )


def _element(embed: Embed) -> str:
    if embed.mode is Mode.API:
        return '<button type="button" (click)="open()">{{ label }}</button>'
    return place(embed) if embed.mode is Mode.INLINE else ""


def _guide(embed: Embed) -> Guide:
    where = "once, in the template of your root component" if embed.mode is Mode.POPUP else "where it belongs"
    steps = (
        f"Save the component as {PATH}. It needs Angular 19 or newer.",
        f"Add Chat to the imports of the component that shows it, and put <app-chat /> {where}.",
    )
    return Guide(steps, File(PATH, _component(embed)))


ANGULAR = Platform("angular", "Angular", _guide)
