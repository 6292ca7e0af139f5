"""The three lines in words, in both languages."""

from anello.model.evidence import Verdict
from anello.model.words import LANGUAGES, Words, say

from .borrowing import Heard, ThreeLines
from .figures import number


def told(lines: ThreeLines) -> tuple[Words, ...]:
    """Return alone, literature, together, what may be said, and the cautions: a Words each."""
    spoken = [_spoken(lines, language) for language in LANGUAGES]
    return tuple(Words(*pair) for pair in zip(*spoken, strict=True)) + lines.prior.cautions


def _spoken(lines: ThreeLines, language: str) -> tuple[str, ...]:
    declared = say(" The spread between organisations was declared, not published.", language)
    return (
        say("Your data alone: {line}.", language, line=_line(lines.alone, language)),
        say("The literature alone: {line} ({cite}).", language,
            line=_line(lines.literature, language), cite=lines.prior.effect.citation)
        + (declared if lines.prior.declared else ""),
        say("Together: {line}; share of the precision that is borrowed: {share} %.", language,
            line=_line(lines.together, language), share=number(100 * lines.borrowed, language, 0)),
        verdict_said(lines, language),
    )  # fmt: skip


def _line(heard: Heard, language: str) -> str:
    return say(
        "{r} ({low} to {high}), probability {p} that it is above zero", language,
        r=number(heard.r, language), low=number(heard.low, language),
        high=number(heard.high, language), p=number(heard.above_zero, language),
    )  # fmt: skip


def verdict_said(lines: ThreeLines, language: str) -> str:
    """Return what may be said; the literature never turns the own verdict, it only leans."""
    if lines.leans > 0:
        return say("Cannot tell yet; the literature leans yes.", language)
    if lines.leans < 0:
        return say("Cannot tell yet; the literature leans no.", language)
    if lines.verdict == Verdict.GOES_TOGETHER:
        return say("They go together in your own data, and the literature agrees.", language)
    if lines.verdict == Verdict.BREAKS:
        return say(
            "In your own data the link breaks, and the literature does not save it.", language
        )
    if lines.verdict == Verdict.DESCRIBED_ONLY:
        return say("Too few units to judge: described only.", language)
    return say("Cannot tell yet, even with what others found.", language)
