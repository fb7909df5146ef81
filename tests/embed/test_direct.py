"""What the browser may write into the preview itself is exactly what the server would."""

from typing import Any, Literal

import pytest

from embed.direct import direct_rules
from widgets.types import all_types
from widgets.types.base import Section, option


class Row(Section):
    label: str = option("", "Label")


class Sample(Section):
    color: str = option("#ffffff", "Colour", control="color")
    size: int = option(9, "Size", le=9)
    mode: Literal["a", "b"] = option("a", "Mode")
    loud: bool = option(False, "Loud")
    lines: list[str] = option(lambda: ["x"], "Lines")
    rows: list[Row] = option(lambda: [Row(label="one")], "Rows")
    doubled: int = option(2, "Doubled")
    shape: bool = option(False, "Shape")


def test_rules_say_where_a_value_goes() -> None:
    sample = Sample()

    def render() -> dict[str, Any]:
        return {
            "css": {"size": f"{sample.size}px", "color": sample.color},
            "mode": {"a": 1, "b": 2}[sample.mode],
            "loud": "!" if sample.loud else ".",
            "lines": sample.lines,
            "rows": [row.model_dump() for row in sample.rows],
            "doubled": sample.doubled * 2,
            **({"more": 1} if sample.shape else {}),
        }

    assert direct_rules(sample, render) == {
        "color": [{"to": "css.color"}],
        "size": [{"to": "css.size", "before": "", "after": "px"}],
        "mode": [{"to": "mode", "table": {"a": 1, "b": 2}}],
        "loud": [{"to": "loud", "table": {"true": "!", "false": "."}}],
        "lines": [{"to": "lines"}],
        "rows.0.label": [{"to": "rows.0.label"}],
    }
    assert sample == Sample()


@pytest.mark.parametrize("kind", all_types().values())
def test_most_of_a_type_is_direct(kind: Any) -> None:
    configuration, connection = kind.configuration(), kind.connection()
    rules = direct_rules(configuration, lambda: {"frame": kind.frame_config(configuration, connection)})
    assert len(rules) >= 12
