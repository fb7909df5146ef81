import ast

from tests.architecture import APPS, ROOT, name, parsed

SCOPES = {"for_organization", "for_user"}
MANAGERS = {"objects", "every", "_default_manager", "_base_manager"}


def test_views_read_rows_through_a_scope_only():
    """`Widget.objects.all()` in a view shows one tenant the rows of another."""
    assert [finding for app in APPS for path in _view_files(app) for finding in _unscoped(path)] == []


def test_an_unscoped_read_is_found():
    tree = ast.parse("Widget.objects.all()\nWidget.objects.for_user(user).all()\nfind(Widget.every)")
    assert sorted(line for line, _ in _managers(tree)) == [1, 3]


def _view_files(app):
    folder = ROOT / app
    return [
        *folder.glob("views.py"),
        *folder.glob("views/**/*.py"),
        *folder.glob("api/**/*.py"),
        *folder.glob("api.py"),
    ]


def _unscoped(path):
    return [f"{name(path)}:{line} {text}" for line, text in _managers(parsed(path))]


def _managers(tree):
    scoped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in SCOPES}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in scoped:
            yield node.lineno, ast.unparse(node)
