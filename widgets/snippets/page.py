"""HTML, and every site builder in which one pastes HTML."""

from widgets.snippets.embed import OPEN, Embed, Mode, html, indent, lines, place, start, tag
from widgets.snippets.platform import File, Guide, Platform, Steps

NAME = "chat.html"


def page_code(embed: Embed) -> str:
    if embed.mode is Mode.INLINE:
        return lines(place(embed), tag(embed))
    if embed.mode is Mode.POPUP:
        return tag(embed)
    return lines(
        f'<button type="button" id="open-chat">{html(embed.label)}</button>',
        "<script>",
        "  window.Chatdock = window.Chatdock || [];",
        '  document.getElementById("open-chat").addEventListener("click", function () {',
        f"    window.Chatdock{OPEN};",
        "  });",
        "</script>",
        tag(embed),
    )


def _html(embed: Embed) -> Guide:
    where = {
        Mode.POPUP: "Paste it before </body> on every page that shows the chat.",
        Mode.INLINE: "Paste it where the chat belongs on the page.",
        Mode.API: "Paste it where the button belongs. Any code of yours may open the chat in the same way.",
    }
    return Guide((where[embed.mode], "Save, and open the page."), File(NAME, page_code(embed)))


def _wordpress(embed: Embed) -> Guide:
    steps: Steps
    if embed.mode is not Mode.POPUP:
        steps = (
            "Edit the page, and add the block “Custom HTML” where it belongs.",
            "Paste the code into the block, and update the page.",
        )
        return Guide(steps, File(NAME, page_code(embed)))
    php = lines(
        "<?php",
        "// Puts the chat at the end of every page.",
        "add_action( 'wp_footer', function () {",
        "    ?>",
        indent(4, [tag(embed)]),
        "    <?php",
        "} );",
    )
    steps = (
        "Open functions.php of your child theme, or a code-snippets plugin. There, leave out the line “<?php”.",
        "Paste the code at the end, and save.",
        "If a caching plugin is active, empty its cache.",
    )
    return Guide(steps, File("chat.php", php))


def _shopify(embed: Embed) -> Guide:
    if embed.mode is Mode.POPUP:
        steps = (
            "Open Online Store › Themes, and from the menu beside your theme “Edit code”.",
            "In layout/theme.liquid, paste the code before </body>, and save.",
        )
    else:
        steps = (
            "Open Online Store › Themes › Customize, and the page that shows the chat.",
            "Add a section “Custom Liquid”, paste the code, and save.",
        )
    return Guide(steps, File("chat.liquid", page_code(embed)))


def _wix(embed: Embed) -> Guide:
    steps: Steps
    if embed.mode is Mode.INLINE:
        steps = (
            "In the editor, add Embed Code › Embed a Site.",
            "Enter this address, and give the element room: at least 320 by 400 pixels.",
            "Publish the site. “Embed HTML” does not work here: it stands on a domain of Wix’s own.",
        )
        return Guide(steps, File("chat.txt", embed.link))
    steps = (
        "Open Settings › Custom Code, and “Add Custom Code”. It needs a connected domain and a premium plan.",
        "Paste the code, choose “All pages” and “Body - end”, and apply.",
    )
    return Guide(steps, File(NAME, page_code(embed)))


def _webflow(embed: Embed) -> Guide:
    if embed.mode is Mode.POPUP:
        steps = (
            "Open Site settings › Custom code.",
            "Paste the code under “Footer code”, save, and publish the site.",
        )
    else:
        steps = (
            "In the Designer, drag a “Code Embed” element to its place on the page.",
            "Paste the code, save, and publish the site. The Designer itself shows no chat.",
        )
    return Guide(steps, File(NAME, page_code(embed)))


def _squarespace(embed: Embed) -> Guide:
    if embed.mode is Mode.POPUP:
        steps = ("Open Settings › Advanced › Code Injection.", "Paste the code under “Footer”, and save.")
    else:
        steps = (
            "Edit the page, and add a “Code” block where it belongs, set to HTML.",
            "Paste the code and save. While you are logged in, Squarespace shows a placeholder; visitors see the chat.",
        )
    return Guide(steps, File(NAME, page_code(embed)))


def _tag_manager(embed: Embed) -> Guide:
    """Tag Manager drops a tag's unknown attributes and compiles as ECMAScript 5: hence a script of its own."""
    element = f" The page needs an element with the id “{embed.options.target}”." if embed.mode is Mode.INLINE else ""
    opens = f" To open it, run window.Chatdock{OPEN} from any other tag." if embed.mode is Mode.API else ""
    steps = (
        f"Make a tag of the type “Custom HTML”, and paste the code.{element}",
        f"Choose the trigger “All Pages”, or “DOM Ready” on the pages that show the chat.{opens}",
        "Preview, then submit the container.",
    )
    block = ["(function () {", indent(2, start(embed, "var script")), "})();"]
    return Guide(steps, File("chat-tag.html", lines("<script>", *block, "</script>")))


HTML = Platform("html", "HTML", _html)
BUILDERS = (
    Platform("wordpress", "WordPress", _wordpress),
    Platform("shopify", "Shopify", _shopify),
    Platform("wix", "Wix", _wix, (Mode.POPUP, Mode.INLINE)),
    Platform("webflow", "Webflow", _webflow),
    Platform("squarespace", "Squarespace", _squarespace),
    Platform("gtm", "Google Tag Manager", _tag_manager),
)
