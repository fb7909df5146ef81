import pytest

from core.ids import is_id, new_id


def test_new_id_has_its_own_form():
    assert is_id("wgt", new_id("wgt"))


def test_new_id_never_repeats():
    assert len({new_id("wgt") for _ in range(2000)}) == 2000


def test_new_id_uses_the_whole_alphabet():
    """62 characters in 22 places are 130 bits; a smaller alphabet would be fewer."""
    seen = set("".join(new_id("x")[2:] for _ in range(2000)))

    assert len(seen) == 62


@pytest.mark.parametrize(
    "value",
    [
        "",
        "wgt_",
        "wgt",
        None,
        7,
        b"wgt_0123456789abcdefABCDEF",
        "lic_0123456789abcdefABCDEF",
        "wgt_0123456789abcdefABCDE",
        "wgt_0123456789abcdefABCDEFG",
        "wgt_0123456789abcdefABCDE-",
        "wgt_0123456789abcdefABCDEé",
        "wgt_0123456789abcdefABCDE٣",
        "wgt_0123456789abcdefABCDEF\n",
        " wgt_0123456789abcdefABCDEF",
    ],
)
def test_is_id_refuses_other_forms(value):
    assert not is_id("wgt", value)


def test_is_id_accepts_the_form():
    assert is_id("wgt", "wgt_0123456789abcdefABCDEF")
