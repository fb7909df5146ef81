from django.conf import settings

from widgets.management.commands.write_options import PAGE
from widgets.reference import reference
from widgets.types import all_types


def test_page_says_what_the_types_declare():
    """Else run `python manage.py write_options`."""
    assert (settings.BASE_DIR / PAGE).read_text() == reference(all_types().values())
