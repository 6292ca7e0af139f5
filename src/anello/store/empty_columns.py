"""Which column leaves no row to fit."""

from anello.model.errors import ModelError

from .files import File, quoted


def refuse_empty(file: File, columns: tuple[str, ...]) -> None:
    """Raise `ModelError` naming the first of these columns that holds no value at all."""
    counts = ", ".join(f"count({quoted(name)})" for name in columns)
    found = file.connection.execute(f"select {counts} from {file.name}").fetchone() or ()
    for name, count in zip(columns, found, strict=False):
        if not count:
            raise ModelError(
                "The column {column!r} holds no value in any row; take it out of the formula.",
                column=name,
            )
