import gzip
import re

import brotli
import pytest

from embed.assets import (
    AssetError,
    find_asset,
    get_asset,
    has_asset,
    join_modules,
    make_asset,
    minify_css,
    minify_js,
    stage_2,
)

ACCEPTS = [
    ("br", "br"),
    ("gzip, deflate, br", "br"),
    ("gzip, br;q=0.5", "br"),
    ("gzip;q=1.0, br;q=0", "gzip"),
    ("gzip;q=0, br;q=0.0", None),
    ("GZIP", "gzip"),
    ("identity", None),
    ("", None),
]


@pytest.mark.parametrize(("header", "encoding"), ACCEPTS)
def test_negotiate_takes_the_smallest_that_the_client_accepts(header, encoding):
    asset = make_asset("hello " * 100, ".js")
    bodies = {"br": asset.br, "gzip": asset.gzip, None: asset.body}
    assert asset.negotiate(header) == (bodies[encoding], encoding)


def test_make_asset_compresses_the_same_bytes():
    asset = make_asset("let a = 'ä';", ".js")
    assert brotli.decompress(asset.br) == gzip.decompress(asset.gzip) == asset.body == "let a = 'ä';".encode()


def test_make_asset_names_the_file_after_its_content():
    one, two = make_asset("1;", ".js", "loader.js"), make_asset("2;", ".js", "loader.js")
    assert re.fullmatch(r"/embed/loader\.[0-9a-f]{16}\.js", one.path)
    assert one.path != two.path
    assert one.etag == f'"{one.path.split(".")[1]}"'


def test_make_asset_without_a_name_has_no_path():
    assert make_asset("1;", ".js").path == ""


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("loader.js", "text/javascript; charset=utf-8"),
        ("frame-chatkit.js", "text/javascript; charset=utf-8"),
        ("frame-n8n.js", "text/javascript; charset=utf-8"),
        ("frame.css", "text/css; charset=utf-8"),
        ("frame-n8n.css", "text/css; charset=utf-8"),
    ],
)
def test_get_asset_of_every_entry(name, content_type):
    asset = get_asset(name)
    assert asset.content_type == content_type
    assert not re.search(rb"^import\b|@import", asset.body, re.MULTILINE)


def test_get_asset_is_made_once():
    assert get_asset("frame.css") is get_asset("frame.css")


def test_get_asset_of_another_name():
    with pytest.raises(KeyError):
        get_asset("settings.py")


def test_only_the_loader_stays_a_module():
    modules = [name for name in ("loader.js", "frame-chatkit.js", "frame-n8n.js") if b"export " in get_asset(name).body]
    assert modules == ["loader.js"]


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_stage_2_within_its_budget(language):
    assert len(stage_2(language).br) <= 3_750  # the promise is 4,608


def test_chatkit_frame_within_its_budget():
    assert len(get_asset("frame-chatkit.js").br) + len(get_asset("frame.css").br) <= 6_200


def test_has_asset_knows_what_has_a_source():
    names = ("frame.css", "frame-chatkit.css", "secrets.js")
    assert [has_asset(name) for name in names] == [True, False, False]


def test_find_asset_by_its_hashed_name():
    asset = get_asset("loader.js")
    assert find_asset(asset.path.removeprefix("/embed/")) is asset


def test_find_asset_of_another_release_is_the_present_one():
    assert find_asset("loader.0000000000000000.js") is get_asset("loader.js")


@pytest.mark.parametrize("file", ["loader.js", "stage2.0000000000000000.js", "frame.0.map", "", "../../manage.0.py"])
def test_find_asset_of_anything_else(file):
    assert find_asset(file) is None


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return write


def test_join_puts_every_module_once_before_those_that_need_it(write):
    write("parts/base.js", "export const base = 1;\n")
    write("left.js", 'import { base } from "./parts/base.js";\nexport const left = base;\n')
    write("right.js", 'import {\n  base,\n} from "./parts/base.js";\nimport "./left.js";\nexport function right() {}\n')
    entry = write("entry.js", "import { right } from './right.js';\nimport { left } from './left.js';\nright(left);\n")

    joined = join_modules(entry)

    statements = "const base = 1;\n\nconst left = base;\n\nfunction right() {}\n\nright(left);\n"
    assert joined == f'(() => {{"use strict";\n{statements}\n}})();\n'


def test_join_keeps_what_the_entry_exports(write):
    write("part.js", "export class Part {}\n")
    entry = write("entry.js", 'import { Part } from "./part.js";\nexport default Part;\n')
    assert join_modules(entry) == "class Part {}\n\nexport default Part;\n"


def test_join_survives_a_circle(write):
    write("a.js", 'import { b } from "./b.js";\nexport const a = () => b;\n')
    entry = write("b.js", 'import { a } from "./a.js";\nexport const b = () => a;\n')
    assert join_modules(entry) == "const a = () => b;\n\nexport const b = () => a;\n"


def test_join_leaves_dynamic_imports_alone(write):
    entry = write("entry.js", "import(url).then(go);\n")
    assert "import(url).then(go);" in join_modules(entry)


@pytest.mark.parametrize("statement", ['import x from "vue";', 'import { a as b } from "./part.js";'])
def test_join_refuses_what_it_cannot_join(write, statement):
    write("part.js", "export const a = 1;\n")
    with pytest.raises(AssetError, match="only plain relative imports"):
        join_modules(write("entry.js", statement + "\n"))


def test_join_refuses_two_modules_with_one_name(write):
    write("part.js", "async function go() {}\nexport const a = 1;\n")
    with pytest.raises(AssetError, match=r"entry\.js and part\.js both declare go"):
        join_modules(write("entry.js", 'import { a } from "./part.js";\nconst go = 1;\n'))


@pytest.mark.parametrize(
    ("css", "small"),
    [
        ("a { color : red ; }\n", "a{color :red}"),
        ("/* why */ a,\n b > c { x: y; z: w }", "a,b > c{x:y;z:w}"),
        ("a :hover { width: calc(1px + 2px) }", "a :hover{width:calc(1px + 2px)}"),
        ('a::before { content: "; /* , */  {" }', 'a::before{content:"; /* , */  {"}'),
        ("@media (min-width: 9px) and (hover) { a { b: c } }", "@media (min-width:9px) and (hover){a{b:c}}"),
        ("a { b: 0 0 1px red !important }", "a{b:0 0 1px red !important}"),
    ],
)
def test_minify_css(css, small):
    assert minify_css(css) == small


def test_minify_js_also_minifies_marked_css():
    script = "// why\nconst a = /* css */ `\n  b { c: ${d}; }\n` + ` e {  f } `;\n"
    assert minify_js(script) == "const a=`b{c:${d}}`+` e {  f } `;"
