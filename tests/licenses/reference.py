"""What a licence is, in the fewest words: the services must agree with this, whatever happens in whatever order.

Time is in days. Ranks: 0 the customer "one", 1 billing, 2 the reseller, 3 the platform.
"""

from dataclasses import dataclass, field

TERM, GRACE, POOL = 30, 7, {"licenses": 3, "widgets": 7}
PLANS = {"p": 2, "q": 5}  # how many widgets they allow


@dataclass
class Ref:
    holder: str | None
    end: int | None
    plan: str = "p"
    own: int | None = None  # widgets that are not as the plan's
    grace: int = GRACE
    stopped: int | None = None  # the rank that did it
    revoked: bool = False
    renewals: set[str] = field(default_factory=set)

    @property
    def widgets(self) -> int:
        return PLANS[self.plan] if self.own is None else self.own


@dataclass
class Model:
    by_use: bool = False  # what is used counts against the pool: of widgets, none are made here
    today: int = 0
    licenses: list[Ref] = field(default_factory=list)

    def held(self) -> list[Ref]:
        return [ref for ref in self.licenses if not ref.revoked]

    def reserved(self) -> int:
        return 0 if self.by_use else sum(ref.widgets for ref in self.held())

    def room(self, licenses: int, widgets: int) -> bool:
        more_widgets = 0 if self.by_use else widgets
        taken = len(self.held()), self.reserved()
        asked = (licenses, taken[0], POOL["licenses"]), (more_widgets, taken[1], POOL["widgets"])
        return all(more <= 0 or there + more <= most for more, there, most in asked)

    def state(self, ref: Ref) -> str:
        if ref.revoked or ref.stopped is not None or ref.holder is None:
            return "revoked" if ref.revoked else "suspended" if ref.stopped is not None else "pool"
        left = ref.end - self.today
        return "active" if left > 14 else "expiring" if left > 0 else "grace" if left > -ref.grace else "expired"

    def may(self, deed: str, ref: Ref, rank: int, **more) -> bool:
        """Whether the deed goes through."""
        reach = rank > 0 or ref.holder == "one"
        alive = not ref.revoked and reach
        return {
            "assign": lambda: alive and rank >= 2 and ref.holder is None,
            "claim": lambda: rank == 0 and self.state(ref) == "pool",
            "suspend": lambda: alive and (ref.stopped is None or ref.stopped <= rank),
            "reinstate": lambda: alive and ref.stopped is not None and ref.stopped <= rank,
            "revoke": lambda: reach and rank >= 2,
            "renew": lambda: reach and rank >= 1 and (more["key"] in ref.renewals or (alive and self.is_held(ref))),
            "extend": lambda: alive and rank >= 2 and ref.end is not None and more["until"] > ref.end,
            "widen": lambda: alive and rank >= 2 and self.room(0, more["widgets"] - ref.widgets),
            "change_plan": lambda: alive and rank >= 2 and self.room(0, self.growth(ref, more["plan"])),
            "grace": lambda: alive and rank >= 2,
            "transfer": lambda: alive and rank >= 2 and ref.holder not in (None, more["to"]),
            "rotate": lambda: alive and rank != 1,
        }[deed]()

    def growth(self, ref: Ref, plan: str) -> int:
        return PLANS[plan] - ref.widgets if ref.own is None else 0

    def is_held(self, ref: Ref) -> bool:
        return self.state(ref) not in ("revoked", "pool") and ref.holder is not None
