"""Every key a chain file may have, with an example of each.

The keys are strict: nothing is guessed from a wrong type, nothing unknown is passed over. What
they mean is said in `docs/reference/chain-file.md`, which a test holds against this file.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from .chain_borrowing import BorrowingKeys, Standard
from .chain_comments import CommentsKeys, TopicKeys
from .chain_keys import (
    KeyName,
    Keys,
    Name,
    Text,
    as_day,
    as_empty,
    as_formula,
    as_item,
    as_label,
    as_list,
    as_worth,
    example,
    one_and_many,
    this_format,
)
from .chain_money import MoneyKeys
from .chain_plan import PlanKeys
from .chain_studies import StudyKeys

MOST = 1_000_000
"""The highest number of answers that may be asked for behind a figure."""

SHOP = {"en": ["shop", "shops"], "it": ["negozio", "negozi"]}
MONTH = {"en": ["month", "months"], "it": ["mese", "mesi"]}
LABEL = {"en": "Engagement", "it": "Coinvolgimento"}

Step = Literal["day", "week", "month", "quarter", "year"]
Scoring = Literal[
    "mean", "index_0_100", "percent_positive", "top_box", "recommend", "given", "sentiment",
    "topic_share",
]  # fmt: skip
Kind = Literal[
    "auto", "csv", "tsv", "xlsx", "parquet", "spss", "qualtrics", "limesurvey", "database"
]
Day = Annotated[date, BeforeValidator(as_day)]
Texts = Annotated[list[Text], BeforeValidator(as_list)]
Pair = Annotated[list[Text], AfterValidator(one_and_many)]


class LabelKeys(Keys):
    """A label in both languages."""

    en: Text = example("Engagement")
    it: Text = example("Coinvolgimento")


class NounKeys(Keys):
    """A noun in both languages, for one and for many."""

    en: Pair = example(["shop", "shops"])
    it: Pair = example(["negozio", "negozi"])


Label = Annotated[LabelKeys, BeforeValidator(as_label)]


class MergeKeys(Keys):
    """Units that became one, or one that was renamed, from a wave on."""

    sources: Texts = example(["RM2", "RW3"], alias="from", min_length=1)
    into: Text = example("R0A")
    since: Text = example(2018)
    backdate: bool = example(True, default=True)


class UnitsKeys(Keys):
    """What is compared: shops, Trusts, departments."""

    column: Name = example("shop")
    name: Name | None = example("shop_name", default=None)
    label: NounKeys | None = example(
        {"en": ["shop", "shops"], "it": ["negozio", "negozi"]}, default=None
    )
    peers: Name | None = example("format", default=None)
    hierarchy: Texts = example(["region"], default=[])
    merges: list[MergeKeys] = example([{"from": ["12"], "into": "31", "since": "2023"}], default=[])


class PeriodKeys(Keys):
    """One wave by its first and last day."""

    key: Name = example("spring")
    opens: Day = example("2024-03-01")
    closes: Day = example("2024-03-31")


class WavesKeys(Keys):
    """When it was measured."""

    column: Name = example("month")
    label: NounKeys | None = example(
        {"en": ["month", "months"], "it": ["mese", "mesi"]}, default=None
    )
    every: Step | None = example("month", default=None)
    order: Texts = example(["before", "after"], default=[])
    periods: list[PeriodKeys] = example(
        [{"key": "spring", "opens": "2024-03-01", "closes": "2024-03-31"}], default=[]
    )


class SourceKeys(Keys):
    """Where rows come from."""

    path: Text = example("data/till.csv")
    kind: Kind = example("csv", default="auto")
    grain: Literal["person", "unit"] = example("unit", default="unit")
    rollup: Literal["sum", "mean"] | None = example("sum", default=None)
    table: Name | None = example("sales", default=None)
    sheet: Name | None = example("2024", default=None)
    unit: Name | None = example("store_id", default=None)
    wave: Name | None = example("period", default=None)
    where: dict[str, Text] = example({"region": "North"}, default={})
    missing: Annotated[list[Text], BeforeValidator(as_list)] = example(["", "NA"], default=[])
    eligible: Name | None = example("headcount", default=None)
    person: Name | None = example("pseudonym", default=None)


class ConstructKeys(Keys):
    """Something the chain speaks of."""

    side: Literal["employee", "customer", "operations", "money"] = example("employee")
    label: Label | None = example(LABEL, default=None)
    standard: Standard | None = example("engagement", default=None)


class ItemKeys(Keys):
    """One question of a scale."""

    column: Name = example("q2")
    reversed: bool = example(True, default=False)


Item = Annotated[ItemKeys, BeforeValidator(as_item)]


class CoverageKeys(Keys):
    """How much of the period a figure covers."""

    column: Name = example("months_open")
    full: float = example(12, gt=0)


class MeasureKeys(Keys):
    """One construct, measured one way, from one source."""

    of: Name | None = example("engagement", default=None, alias="construct")
    label: Label | None = example(LABEL, default=None)
    source: Name | None = example("survey", default=None)
    column: Name | None = example("engagement_mean", default=None)
    items: list[Item] | None = example(["q1", {"column": "q2", "reversed": True}], default=None)
    formula: Name | None = example("engagement =~ pride + advocacy", default=None)
    scoring: Scoring | None = example("mean", default=None)
    topic: Name | None = example("waiting", default=None)
    low: float | None = example(1, default=None)
    high: float | None = example(5, default=None)
    direction: Literal["up", "down"] = example("down", default="up")
    base: Name | None = example("answers", default=None)
    response: Name | None = example("share_answered", default=None)
    weight: Name | None = example("survey_weight", default=None)
    min_items: int | None = example(2, default=None, ge=1)
    coverage: CoverageKeys | None = example({"column": "months_open", "full": 12}, default=None)
    second_of: Name | None = example("engagement", default=None)
    note: Label | None = example({"en": "Asked in May.", "it": "Chiesto a maggio."}, default=None)


class WorthKeys(Keys):
    """The smallest effect somebody would act on."""

    size: float = example(0.2, gt=0)
    step: float | None = example(0.1, default=None, gt=0)
    sd: bool = example(True, default=False)


Worth = Annotated[WorthKeys, BeforeValidator(as_worth)]


class LinkKeys(Keys):
    """A claim: the target goes with the source."""

    formula: Name = example("satisfaction ~ lag(engagement, 1) + size")
    worth_acting_on: Worth | None = example("0.2 sd", default=None)
    peers: Name | None = example("format", default=None)
    only: dict[str, Text] = example({"format": "Large"}, default={})
    expected_sign: Literal[-1, 0, 1] = example(-1, default=0)


Link = Annotated[LinkKeys, BeforeValidator(as_formula)]


class ConfidentialityKeys(Keys):
    """How few answers may stand behind a number that is shown."""

    k: int = example(5, default=5, le=MOST)
    splits: int = example(10, default=10, ge=5, le=MOST)
    comments: int = example(10, default=10, ge=5, le=MOST)
    live: int = example(20, default=20, ge=5, le=MOST)
    matched: int = example(30, default=30, ge=5, le=MOST)
    promise: Text | None = example("promise.json", default=None)
    ledger: Text | None = example("../ledger", default=None)


class ChainKeys(Keys):
    """The whole file."""

    anello: Annotated[int, AfterValidator(this_format)] = example(1)
    key: Name = example("shops")
    title: Label | None = example({"en": "Our shops", "it": "I nostri negozi"}, default=None)
    seed: int = example(1, default=1, ge=0)
    worth_acting_on: Worth | None = example("0.2 sd", default=None)
    confidentiality: Annotated[ConfidentialityKeys, BeforeValidator(as_empty)] = example(
        {"k": 5}, default=ConfidentialityKeys()
    )
    units: UnitsKeys = example({"column": "shop"})
    waves: WavesKeys = example({"column": "month"})
    sources: Annotated[dict[KeyName, SourceKeys], BeforeValidator(as_empty)] = example(
        {"till": {"path": "data/till.csv"}}, default={}
    )
    constructs: Annotated[dict[KeyName, ConstructKeys], BeforeValidator(as_empty)] = example(
        {"engagement": {"side": "employee"}}, default={}
    )
    measures: Annotated[dict[KeyName, MeasureKeys], BeforeValidator(as_empty)] = example(
        {"engagement": {"column": "engagement_mean"}}, default={}
    )
    links: Annotated[list[Link], BeforeValidator(as_list)] = example(
        ["satisfaction ~ engagement"], default=[]
    )
    studies: Annotated[dict[KeyName, StudyKeys], BeforeValidator(as_empty)] = example(
        {"drivers": {"kind": "diary", "roles": {"person": "id"}, "formulas": ["y ~ x"]}}, default={}
    )
    borrowing: BorrowingKeys | None = example({"places": "unit", "contact": "much"}, default=None)
    plan: PlanKeys | None = example({"units": 20, "waves": 6}, default=None)
    money: MoneyKeys | None = example({"currency": "EUR", "worth": {"sales": 1000}}, default=None)
    topics: Annotated[dict[KeyName, TopicKeys], BeforeValidator(as_empty)] = example(
        {"uniforms": {"en": ["uniform*"], "it": ["divis*"]}}, default={}
    )
    comments: CommentsKeys | None = example({"corrections": "corrections.csv"}, default=None)
