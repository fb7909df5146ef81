from typing import Annotated, Literal

import pytest
from django.http import QueryDict
from pydantic import StringConstraints, ValidationError

from widgets.configform import ConfigForm, Group, Input, Rows, read
from widgets.types import all_types
from widgets.types.base import Section, option
from widgets.types.wording import sentence


class Step(Section):
    label: Annotated[str, StringConstraints(max_length=20)] = option("", "Label", min_length=1)
    weight: Literal[100, 400] = option(400, "Weight")
    bold: bool = option(False, "Bold")


class Look(Section):
    color: str = option("#112233", "Colour", control="color")
    size: int = option(5, "Size", "In pixels.", control="range", ge=1, le=9)


class Page(Section):
    look: Look = option(Look, "Look", "How it looks.")


class Third(Section):
    """A type that the product does not have: the form must need no more than its declaration."""

    name: Annotated[str, StringConstraints(max_length=60)] = option("Me", "Name", examples=["Me", "You"])
    story: Annotated[str, StringConstraints(max_length=900)] = option("", "Story")
    lines: list[Annotated[str, StringConstraints(max_length=3)]] = option(lambda: ["a", "b"], "Lines", control="lines")
    mode: Literal["one_way", "two_way"] = option("one_way", "Mode")
    on: bool = option(True, "On")
    count: int = option(3, "Count")
    steps: list[Step] = option(list, "Steps", "In order.", control="rows", max_length=4)
    page: Page = option(Page, "Page")


DEFAULTS = Third().model_dump(mode="json")


def fields_of(item) -> dict[str, Input | Rows]:
    if isinstance(item, Group):
        return {name: field for child in item.items for name, field in fields_of(child).items()}
    return {item.name: item}


def sent(form: ConfigForm) -> QueryDict:
    """What a browser sends when nobody touches the form."""
    data = QueryDict(mutable=True)

    def add(item):
        if isinstance(item, Group):
            for child in item.items:
                add(child)
        elif isinstance(item, Rows):
            for row in item.rows:
                data.appendlist(f"{item.name}.rows", row.label)
                add(row)
        elif item.control != "switch":
            data[item.name] = item.value
        elif item.value:
            data[item.name] = "on"

    add(form.root)
    return data


def errors_of(values) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        Third.model_validate(values)
    return {".".join(map(str, error["loc"])): sentence(error) for error in caught.value.errors()}


def test_controls_come_from_annotation_and_hint():
    controls = {
        name: field.control for name, field in fields_of(ConfigForm(Third, DEFAULTS).root).items() if name != "steps"
    }
    assert controls == {
        "name": "text",
        "story": "textarea",
        "lines": "lines",
        "mode": "select",
        "on": "switch",
        "count": "number",
        "page.look.color": "color",
        "page.look.size": "range",
    }


def test_field_has_what_the_declaration_says():
    fields = fields_of(ConfigForm(Third, DEFAULTS).root)
    size = fields["page.look.size"]
    assert (size.label, size.help, size.value, size.limits) == ("Size", "In pixels.", "5", {"min": 1, "max": 9})
    assert fields["mode"].choices == [("one_way", "One way"), ("two_way", "Two way")]
    assert (fields["name"].suggestions, fields["name"].limits) == (["Me", "You"], {"maxlength": 60})
    assert fields["lines"].value == "a\nb"


def test_field_that_matters_with_some_values_alone_says_so():
    class Both(Section):
        kind: Literal["a", "b"] = option("a", "Kind")
        address: str = option("", "Address", control="url", when={"kind": ["b"]})

    kind, address = ConfigForm(Both, {"kind": "a", "address": "kept"}).loose
    assert (kind.when, kind.wide) == ("", False)
    assert (address.when, address.only) == ('{"kind": ["b"]}', "Only with Kind: B.")
    assert (address.wide, address.value) == (True, "kept")


def test_sections_nest():
    form = ConfigForm(Third, DEFAULTS)
    assert [(section.label, section.id) for section in form.sections] == [
        ("Steps", "f-steps-section"),
        ("Page", "f-page"),
    ]
    inner = form.sections[1].items[0]
    assert (inner.kind, inner.label, inner.help, inner.name) == ("group", "Look", "How it looks.", "page.look")
    assert [item.name for item in form.loose] == ["name", "story", "lines", "mode", "on", "count"]


def test_untouched_form_changes_nothing():
    values = DEFAULTS | {"steps": [{"label": "x", "weight": 100, "bold": True}], "on": False}
    assert read(Third, sent(ConfigForm(Third, values))) == values


@pytest.mark.parametrize("kind", all_types().values(), ids=lambda kind: kind.id)
@pytest.mark.parametrize("part", ["configuration", "connection"])
def test_untouched_form_of_a_real_type_changes_nothing(kind, part):
    model = getattr(kind, part)
    values = model().model_dump(mode="json")
    assert read(model, sent(ConfigForm(model, values))) == values


def test_rows_are_read_in_the_order_of_the_page_without_blank_ones():
    data = sent(ConfigForm(Third, DEFAULTS))
    for index, label in (("7", "second"), ("0", "first"), ("3", "")):
        data.appendlist("steps.rows", index)
        data[f"steps.{index}.label"], data[f"steps.{index}.weight"] = label, "400"
    steps = read(Third, data)["steps"]
    assert [step["label"] for step in steps] == ["second", "first"]


def test_blank_rows_have_numbers_of_their_own():
    rows = fields_of(ConfigForm(Third, DEFAULTS | {"steps": [{"label": "x", "weight": 400, "bold": False}]}).root)[
        "steps"
    ]
    assert [row.name for row in (*rows.rows, *rows.blanks)] == ["steps.0", "steps.1", "steps.2"]
    assert (rows.template.items[0].name, rows.most) == ("steps.__index__.label", 4)


def test_what_is_wrong_comes_back_as_it_was_typed():
    data = sent(ConfigForm(Third, DEFAULTS))
    data.update({"page.look.size": "ten", "mode": "sideways", "lines": "ok\nlonger", "count": ""})
    data.appendlist("steps.rows", "0")
    data.update({"steps.0.label": "", "steps.0.weight": "100"})
    values = read(Third, data)
    form = ConfigForm(Third, values, errors_of(values))
    fields = fields_of(form.root)
    assert (fields["page.look.size"].value, fields["lines"].value) == ("ten", "ok\nlonger")
    assert form.summary == [
        ("f-lines", "Lines", "Line 2: Use at most 3 characters."),
        ("f-mode", "Mode", "Choose one of 'one_way' or 'two_way'."),
        ("f-count", "Count", "Write a whole number."),
        ("f-steps-0-label", "Label", "Fill this in."),
        ("f-page-look-size", "Size", "Write a whole number."),
    ]
    assert (fields["page.look.size"].described_by, fields["name"].described_by) == (
        "f-page-look-size-help f-page-look-size-error",
        "",
    )


def test_too_many_rows_is_said_at_the_list():
    steps = [{"label": str(number), "weight": 400, "bold": False} for number in range(5)]
    errors = errors_of(DEFAULTS | {"steps": steps})
    assert ConfigForm(Third, DEFAULTS | {"steps": steps}, errors).summary == [("f-steps", "Steps", "Use at most 4.")]


def test_draft_from_before_a_field_shows_its_default():
    assert fields_of(ConfigForm(Third, {"count": 9}).root)["name"].value == "Me"
