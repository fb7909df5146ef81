"""Figures as tables of Markdown, and the goals among them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Goal:
    what: str
    goal: str
    figure: str
    met: bool


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Result:
    tables: list[Table]
    goals: list[Goal]


def at_least(what: str, least: float, figure: float, unit: str = "") -> Goal:
    return Goal(what, f"≥ {least:g}{unit}", f"{figure:.2f}{unit}", figure >= least)


def at_most(what: str, most: float, figure: float, unit: str = "") -> Goal:
    return Goal(what, f"≤ {most:g}{unit}", f"{figure:.2f}{unit}", figure <= most)


def goals_table(goals: Iterable[Goal]) -> Table:
    rows = [(goal.what, goal.goal, goal.figure, "met" if goal.met else "MISSED") for goal in goals]
    return Table("Goals", ("what", "goal", "figure", ""), rows)


def text(table: Table) -> str:
    lines = [table.head, *table.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.head))]
    head, *rows = (_row([cell.ljust(width) for cell, width in zip(line, widths, strict=True)]) for line in lines)
    return "\n".join([f"## {table.title}", "", head, _row(["-" * width for width in widths]), *rows, ""])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
