"""Which websites may embed a licence's widgets: the rules, and what a browser says about where it stands.

The grammar of a rule is what Content-Security-Policy `frame-ancestors` can express. The browser's verdict and ours come
from one `RuleSet`, so they cannot differ.
"""

from licenses.domains.origins import RuleSet, origin_of_referer
from licenses.domains.rules import ANY_PORT, LOCALHOST_RULES, Rule, RuleError, parse_many, parse_rule
from licenses.domains.wording import describe_rule, suggestions

__all__ = [
    "ANY_PORT",
    "LOCALHOST_RULES",
    "Rule",
    "RuleError",
    "RuleSet",
    "describe_rule",
    "origin_of_referer",
    "parse_many",
    "parse_rule",
    "suggestions",
]
