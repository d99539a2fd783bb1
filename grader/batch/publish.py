"""The three files about the whole class, made from the facts in the journal."""

from collections.abc import Iterator, Sequence

import msgspec

from grader.batch.store import Store
from grader.classbook.facts import Facts
from grader.classbook.gradebook import Row, gradebook
from grader.classbook.summarise import summarise
from grader.classbook.summary import SecretSource, Summary
from grader.intake.collect import Collection
from grader.model import Exercise
from grader.untrusted import for_json_document


def publish(
    store: Store,
    collection: Collection,
    exercise: Exercise,
    cases: Sequence[str],
    secret: SecretSource,
) -> Summary:
    """Write `gradebook.csv`, `summary.json` and `index.html` for what is graded so far.

    Each file appears whole or not at all. The facts are read from disk once for each file, so the
    class does not have to fit in memory.
    """

    def rows() -> Iterator[Row]:
        for item in collection.items:
            facts = store.facts(item.name)
            if facts is not None:
                yield Row(item.student, facts)

    def all_facts() -> Iterator[Facts]:
        return (row.facts for row in rows())

    summary = summarise(
        all_facts(), exercise, cases, collection.skipped, secret
    )
    whole = msgspec.json.format(msgspec.json.encode(summary), indent=2).decode()
    store.publish("gradebook.csv", gradebook(rows(), cases))
    store.publish("summary.json", [for_json_document(f"{whole}\n").encode()])
    # jinja2 takes 40 ms, which a batch that was refused need not pay.
    from grader.classbook.page import class_page

    store.publish("index.html", class_page(summary, all_facts()))
    return summary
