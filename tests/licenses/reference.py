"""What a licence is, in the fewest words: the services must agree with this, whatever happens in whatever order.

Time is in days. Ranks: 0 the customer "one", 1 billing, 2 the reseller, 3 the platform.
"""

from dataclasses import dataclass, field

TERM, GRACE, POOL, WIDGETS = 30, 7, {"licenses": 3, "widgets": 7}, 2


@dataclass
class Ref:
    holder: str | None
    end: int | None
    widgets: int = WIDGETS
    stopped: int | None = None  # the rank that did it
    revoked: bool = False
    renewals: set[str] = field(default_factory=set)


@dataclass
class Model:
    today: int = 0
    licenses: list[Ref] = field(default_factory=list)

    def held(self) -> list[Ref]:
        return [ref for ref in self.licenses if not ref.revoked]

    def room(self, licenses: int, widgets: int) -> bool:
        taken = len(self.held()), sum(ref.widgets for ref in self.held())
        asked = (licenses, taken[0], POOL["licenses"]), (widgets, taken[1], POOL["widgets"])
        return all(more <= 0 or there + more <= most for more, there, most in asked)

    def state(self, ref: Ref) -> str:
        if ref.revoked or ref.stopped is not None or ref.holder is None:
            return "revoked" if ref.revoked else "suspended" if ref.stopped is not None else "pool"
        left = ref.end - self.today
        return "active" if left > 14 else "expiring" if left > 0 else "grace" if left > -GRACE else "expired"

    def may(self, deed: str, ref: Ref, rank: int, **more) -> bool:
        """Whether the deed goes through."""
        reach = rank > 0 or ref.holder == "one"
        alive = not ref.revoked and reach
        return {
            "assign": lambda: alive and rank >= 2 and ref.holder is None,
            "suspend": lambda: alive and (ref.stopped is None or ref.stopped <= rank),
            "reinstate": lambda: alive and ref.stopped is not None and ref.stopped <= rank,
            "revoke": lambda: reach and rank >= 2,
            "renew": lambda: reach and rank >= 1 and (more["key"] in ref.renewals or (alive and self.is_held(ref))),
            "extend": lambda: alive and rank >= 2 and ref.end is not None and more["until"] > ref.end,
            "widen": lambda: alive and rank >= 2 and self.room(0, more["widgets"] - ref.widgets),
            "transfer": lambda: alive and rank >= 2 and ref.holder not in (None, more["to"]),
            "rotate": lambda: alive and rank != 1,
        }[deed]()

    def is_held(self, ref: Ref) -> bool:
        return self.state(ref) not in ("revoked", "pool") and ref.holder is not None
