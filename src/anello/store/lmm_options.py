"""What may be asked of a mixed model beside its formula."""

from dataclasses import dataclass

from anello.model.errors import ModelError

DF = ("satterthwaite", "kr", "none")
CI = ("wald", "profile")
ROBUST = (None, "CR2")


@dataclass(frozen=True, slots=True)
class Options:
    """`df` of fixed effects, `robust` standard errors, `ci` by Wald or profile, a column of
    `weights`, `blups`, `predict`, a file of new rows, and `unit_level`, the columns that must not
    vary inside a group.
    """

    ml: bool = False
    df: str = "satterthwaite"
    robust: str | None = None
    ci: str = "wald"
    weights: str | None = None
    blups: bool = False
    predict: str | None = None
    unit_level: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise `ModelError` for a word that is not known, or words that exclude each other."""
        for name, value, known in (("df", self.df, DF), ("ci", self.ci, CI)):
            if value not in known:
                raise ModelError(
                    "{option} knows {known}; {value!r} is none of them.",
                    option=name,
                    known=", ".join(known),
                    value=value,
                )
        if self.robust not in ROBUST:
            raise ModelError("robust knows CR2; {value!r} is not known.", value=self.robust)
        if self.robust and self.df != "satterthwaite":
            raise ModelError("CR2 brings its own degrees of freedom; leave df out.")
        if self.robust and self.weights:
            raise ModelError(
                "CR2 standard errors do not go with weights; leave one of the two out."
            )

    @property
    def plain(self) -> bool:
        """Return whether nothing is asked that the short way cannot answer."""
        return self == Options(ml=self.ml, unit_level=self.unit_level)
