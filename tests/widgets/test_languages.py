import pytest

from widgets.services import InvalidConfiguration, save_draft, what_is_missing
from widgets.types import get_type
from widgets.types.languages import direction_of, languages_of, localized

TOO_LONG = "Use at most 120 characters."
MODEL = get_type("n8n").configuration


def speaking(**more):
    german = {"language": "de", "texts": {"title": "Hilfe", "greeting": ["Hallo!"]}, "launcher": {"label": "Frag uns"}}
    return MODEL.model_validate({"translations": [german, {"language": "ar"}], **more})


def test_texts_of_a_language_take_the_place_of_the_default_ones():
    widget = speaking()
    german = localized(widget, "de")
    assert (german.texts.title, german.texts.greeting, german.launcher.label) == ("Hilfe", ["Hallo!"], "Frag uns")
    assert german.texts.placeholder == "Write a message"  # nothing is said in German
    assert (widget.texts.title, localized(widget, "en").texts) == ("How can we help?", widget.texts)


def test_entries_of_a_language_take_the_place_of_those_for_all():
    prompts = [
        {"label": "Hours", "prompt": "When?"},
        {"label": "Zeiten", "prompt": "Wann?", "language": "de"},
        {"label": "Horaires", "prompt": "Quand ?", "language": "fr"},
    ]
    widget = speaking(prompts=prompts)
    shown = {code: [prompt.label for prompt in localized(widget, code).prompts] for code in ("en", "de", "fr", "ar")}
    assert shown == {"en": ["Hours"], "de": ["Zeiten"], "fr": ["Horaires"], "ar": ["Hours"]}
    assert languages_of(widget) == ["en", "de", "ar", "fr"]


def test_direction_is_the_languages_own():
    widget = speaking(visitors={"direction": "rtl"})
    assert [localized(widget, code).visitors.direction for code in ("en", "de")] == ["rtl", "auto"]
    assert [direction_of(code) for code in ("en", "pt-BR", "ar", "he", "fa")] == ["ltr", "ltr", "rtl", "rtl", "rtl"]


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ([{"language": "de"}, {"language": "de"}], {"translations": "German is there twice."}),
        ([{"language": ""}], {"translations.0.language": "Choose a language."}),
        ([{"language": "xx"}], {"translations.0.language": "Choose a language of the list."}),
        ([{"language": "de", "theme": {}}], {"translations.0.theme": "There is no such field."}),
        (
            [{"language": "de", "texts": {"title": "x" * 61}}],
            {"translations.0.texts.title": "Use at most 60 characters."},
        ),
    ],
)
def test_what_cannot_be_said_is_told_by_field(widget, rows, errors):
    with pytest.raises(InvalidConfiguration) as raised:
        save_draft(actor=None, widget=widget, configuration=widget.draft | {"translations": rows})
    assert raised.value.errors == errors


def test_widget_of_before_there_were_languages_speaks_english():
    assert MODEL.model_validate({"visitors": {"language": ""}}).visitors.language == "en"


@pytest.mark.parametrize("address", ["pricing", "/a b", "javascript:alert(1)", '/"', "https://"])
def test_address_that_no_page_has_is_refused(widget, address):
    with pytest.raises(InvalidConfiguration) as raised:
        save_draft(actor=None, widget=widget, configuration=widget.draft | {"triggers": {"urls": [address]}})
    sentence = "Write a path such as /docs/*, or an address such as https://shop.example/*."
    assert raised.value.errors == {"triggers.urls.0": sentence}


def test_branding_is_hidden_only_with_a_plan_that_allows_it(widget, license):
    visitors = widget.draft["visitors"] | {"branding": False}
    saved = save_draft(actor=None, widget=widget, configuration=widget.draft | {"visitors": visitors})
    assert what_is_missing(saved) == []
    features = [feature for feature in license.plan.features if feature != "remove_branding"]
    type(license.plan).objects.update(features=features)
    saved.refresh_from_db()
    assert what_is_missing(saved.__class__.objects.with_state().get()) == [
        "The plan does not include “Branding removal”. Switch it off or change the plan."
    ]
