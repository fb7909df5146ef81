"""`RuleSet` against a second implementation: the source expressions alone, read as a browser reads them."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from licenses.domains import ANY_PORT, Rule, RuleSet

DEFAULTS = {"http": 80, "https": 443}


def csp_matches(source, origin):
    scheme, subdomains, host, port = re.fullmatch(r"(https?)://(\*\.)?([^:]+)(?::(.+))?", source).groups()
    found = re.fullmatch(r"(https?)://([A-Za-z0-9_.-]+)(?::([0-9]+))?", origin)
    if not found:
        return False
    their_scheme, their_host, their_port = found[1], found[2].lower(), int(found[3] or DEFAULTS[found[1]])
    scheme_fits = their_scheme in ({"http", "https"} if scheme == "http" else {"https"})
    host_fits = their_host.endswith("." + host) if subdomains else their_host == host
    port_fits = port == "*" or their_port == int(port or DEFAULTS[their_scheme])
    return scheme_fits and host_fits and port_fits


labels = st.sampled_from(["example", "shop", "www", "a", "xn--mnchen-3ya", "-x-", "evil-example"])
hosts = st.builds(
    lambda names, ending: ".".join([*names, ending]), st.lists(labels, min_size=1, max_size=4), st.just("com")
)
ports = st.sampled_from([None, 80, 443, 8443])
rules = st.builds(Rule, st.sampled_from(["https", "https", "http"]), hosts, st.booleans(), ports | st.just(ANY_PORT))
origins = st.builds(
    lambda scheme, host, port: f"{scheme}://{host}" + (f":{port}" if port else ""),
    st.sampled_from(["https", "https", "http"]),
    hosts | hosts.map(str.upper) | hosts.map("foo_bar.{}".format),
    ports,
)


@st.composite
def near(draw):
    """A rule, and an origin built around its host, so that most pairs nearly or really match."""
    rule = draw(rules)
    host = (
        draw(st.sampled_from(["", "a.", "b.a.", "foo_bar.", "a", "-"]))
        + rule.host
        + draw(st.sampled_from(["", "", "", ".net"]))
    )
    port = draw(ports)
    return rule, f"{draw(st.sampled_from(sorted(DEFAULTS)))}://{host}" + (f":{port}" if port else "")


@given(near())
@settings(max_examples=500, deadline=None)
def test_check_allows_what_csp_would_match_for_one_rule(pair):
    rule, origin = pair

    assert (RuleSet([rule]).check(origin) is None) == csp_matches(rule.source, origin)


@given(st.lists(rules, min_size=1, max_size=8), origins)
@settings(max_examples=300, deadline=None)
def test_check_allows_what_csp_would_match_for_a_list(many, origin):
    ours = RuleSet(many)

    assert (ours.check(origin) is None) == any(csp_matches(s, origin) for s in ours.frame_ancestors().split())


@given(
    near(), st.data(), st.text(alphabet="@\\%/?# \n\t\0.:*;'\",[]\u212a\u017f\u3002\uff0eaA0", min_size=1, max_size=3)
)
@settings(max_examples=500, deadline=None)
def test_check_allows_nothing_but_plain_origins(pair, data, noise):
    rule, origin = pair
    at = data.draw(st.integers(0, len(origin)))
    spoilt = origin[:at] + noise + origin[at:]

    allowed = RuleSet([rule]).check(spoilt) is None

    assert not allowed or csp_matches(rule.source, spoilt)
