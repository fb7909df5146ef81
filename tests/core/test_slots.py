from core.slots import Slots


def test_places_are_counted_per_key_and_given_back() -> None:
    slots = Slots("test", 2)

    with slots.place("a"), slots.place("a"), slots.place("b"):
        assert (slots.full("a"), slots.full("b")) == (True, False)

    assert not slots.full("a")
    assert not slots._taken
