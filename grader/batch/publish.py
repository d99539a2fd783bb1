"""The three files about the whole class, made from the facts in the journal."""

from collections.abc import Iterator, Sequence

import msgspec

from grader.batch.edits import GRADEBOOK, announce, refuse_edited
from grader.batch.roll import Roll
from grader.batch.store import Store
from grader.classbook.facts import Facts
from grader.classbook.gradebook import Row, gradebook
from grader.classbook.summarise import summarise
from grader.classbook.summary import SecretSource, Summary
from grader.intake.sources import Skipped
from grader.model import Exercise
from grader.untrusted import for_json_document


def publish(
    store: Store,
    roll: Roll,
    skipped: Sequence[Skipped],
    exercise: Exercise,
    cases: Sequence[str],
    secret: SecretSource,
) -> Summary:
    """Write `gradebook.csv`, `summary.json` and `index.html` for what is graded so far.

    Each file appears whole or not at all. The facts are read from disk once for each file, so the
    class does not have to fit in memory.
    """

    def rows() -> Iterator[Row]:
        for name, member in roll.members.items():
            facts = store.facts(name)
            if facts is not None:
                yield Row(member.student, facts)

    def all_facts() -> Iterator[Facts]:
        return (row.facts for row in rows())

    summary = summarise(all_facts(), exercise, cases, skipped, secret)
    whole = msgspec.json.format(msgspec.json.encode(summary), indent=2).decode()
    refuse_edited(store.out, store.state)  # meanwhile, perhaps
    book = b"".join(gradebook(rows(), cases))
    announce(store.out, store.state, book)
    store.publish(GRADEBOOK, [book])
    store.publish("summary.json", [for_json_document(f"{whole}\n").encode()])
    # jinja2 takes 40 ms, which a batch that was refused need not pay.
    from grader.classbook.page import class_page

    store.publish("index.html", class_page(summary, all_facts()))
    return summary
