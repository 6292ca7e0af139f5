"""A group of verbs that are loaded when they are called or listed, so that each starts at once."""

from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click


class NoSuchVerb(click.UsageError):
    """A verb was called that a group does not have; `near` is the nearest name, or empty."""

    def __init__(self, verb: str, known: list[str], ctx: click.Context) -> None:
        super().__init__(f"There is no command {verb!r}.", ctx)
        self.verb = verb
        self.near = next(iter(get_close_matches(verb, known, n=1)), "")


class Shelf(click.Group):
    """A group whose verbs stand in files of their own name in one room."""

    def __init__(self, *args: Any, room: str, verbs: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room, self.verbs = room, verbs

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the verbs in the order a person would list them."""
        return [*self.commands, *self.verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb by name, loaded now, or None."""
        if cmd_name not in self.verbs:
            return super().get_command(ctx, cmd_name)
        verb: click.Command = getattr(import_module(f"{self.room}.{cmd_name}"), cmd_name)
        return verb

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that the first word names; raises `NoSuchVerb`."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            raise NoSuchVerb(args[0], self.list_commands(ctx), ctx)
        return super().resolve_command(ctx, args)
