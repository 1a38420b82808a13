from __future__ import annotations

from types import SimpleNamespace

from goodwill.lab.understand.factors import FactorName, named, names_of, shown, unit_of


def test_units_come_from_the_table_of_parameters() -> None:
    assert unit_of("firms.1.price", "EUR") == "EUR"
    assert unit_of("behaviour.habit.strength", "EUR") == "utility"
    assert unit_of("paid_club.discount", "EUR") == "share of price"
    assert unit_of("firms.0.share", "EUR") == ""
    assert unit_of("no.such.thing", "EUR") == ""


def test_names_of_the_factors_of_a_study() -> None:
    def factor(path: str, arm: str | None = None, label: str = "", log: bool = False) -> SimpleNamespace:
        return SimpleNamespace(targets=(path,), arm=arm, label=label, log=log)

    study = SimpleNamespace(
        scenario=SimpleNamespace(measurement=SimpleNamespace(currency="EUR")),
        arms={"card": {"programmes": [{"kind": "stamp_card"}]}},
        factors={
            "stamps": factor("programmes.0.stamps", "card"),
            "rival_price": factor("firms.1.price", label="the rival's price", log=True),
            "own_price": factor("set.firms.0.price", "card"),
        },
    )
    found = names_of(SimpleNamespace(study=study))
    assert found == {
        "stamps": FactorName("stamps", "stamps"),
        "rival_price": FactorName("the rival's price", "EUR", True),
        "own_price": FactorName("own price", "EUR"),
    }
    assert named(found, "rival_price").title == "the rival's price, EUR"
    assert named(found, "rival_price").amount(-3.14159) == "\u22123.14 EUR"
    assert named({}, "word_of_mouth") == FactorName("word of mouth")
    assert shown(1234567.0, 9) == "1,234,567"
