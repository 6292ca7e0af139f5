"""A first chain file, proposed from the look of the data: look, ask, propose, write.

>>> import tempfile
>>> from pathlib import Path
>>> folder = Path(tempfile.mkdtemp())
>>> _ = (folder / "till.csv").write_text("shop,month,sales,leavers\\nA,2024-01,900,1\\n")
>>> tables = look([folder / "till.csv"])
>>> [question.key for question in questions(tables)][:2]
['unit', 'wave']
>>> "sales ~ leavers" in propose(tables, {}, folder)
True
"""

from .answers import Answers, Question, answers, questions
from .columns import Column, Table, look
from .proposal import propose, template, write

__all__ = [
    "Answers",
    "Column",
    "Question",
    "Table",
    "answers",
    "look",
    "propose",
    "questions",
    "template",
    "write",
]
