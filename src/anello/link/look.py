"""One link looked at on one level: what checks and variants need to doubt it."""

from dataclasses import dataclass, replace

from anello.model.chain import Chain, Link
from anello.model.evidence import Level
from anello.store.panel import Panel

from .levels import Slope, between, within
from .rows import Rows, group_of_units, rows_of
from .stake import Stake, stake


@dataclass(frozen=True)
class Look:
    """A link at a level, its rows and its slope (None when there is nothing to estimate)."""

    panel: Panel
    chain: Chain
    link: Link
    level: Level
    rows: Rows
    slope: Slope | None

    def fit(self, rows: Rows) -> Slope | None:
        """Return the slope of other rows at the same level."""
        return between(rows) if self.level is Level.BETWEEN else within(rows)

    def instead(self, link: Link) -> Rows:
        """Return the rows of a changed link."""
        return rows_of(self.panel, link)

    def stake(self, slope: Slope) -> Stake:
        """Return the effect of one step by any slope of this link, and what is worth acting on."""
        return stake(slope, self.link.worth, self.chain.wished(self.link))

    def overturned(self, other: Slope) -> bool:
        """Return whether another look would not come to the verdict that this one comes to."""
        if self.slope is None:
            return False
        settled = self.stake(self.slope).settles
        return settled != "open" and self.stake(other).settles != settled

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the measures of the link: source, target, controls."""
        return (self.link.source, self.link.target, *self.link.controls)

    @property
    def peers(self) -> str | None:
        """Return the column of peer groups: the link's own, else that of the units."""
        column = self.link.peers or self.chain.units.peers
        return column if column in self.panel.groups else None

    @property
    def peer_groups(self) -> dict[str, Rows]:
        """Return the rows of each peer group with a name, largest (by units) first."""
        if self.peers is None:
            return {}
        labels = group_of_units(self.panel, self.peers)[self.rows.unit]
        found = {str(g): self.rows.keep(labels == g) for g in sorted(set(labels) - {""})}
        return dict(sorted(found.items(), key=lambda g: -len(set(g[1].unit))))

    @property
    def inside_peers(self) -> Rows | None:
        """Return the rows with every unit compared inside its peer group; None without groups."""
        if self.peers is None:
            return None
        return self.instead(replace(self.link, peers=self.peers))


def look(panel: Panel, chain: Chain, link: Link, level: Level) -> Look:
    """Return one link at one level, fitted."""
    rows = rows_of(panel, link)
    slope = between(rows) if level is Level.BETWEEN else within(rows)
    return Look(panel, chain, link, level, rows, slope)
