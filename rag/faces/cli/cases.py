"""Asking again what readers found wrong."""

from dataclasses import asdict

from rag.core.schema import answer_to_json
from rag.core.settings import Settings
from rag.desk.cases import ask_again
from rag.desk.desk import open_desk
from rag.desk.feedback import FAULT_WORDS
from rag.faces.cli.console import gather, print_json
from rag.faces.cli.opening import ready
from rag.faces.cli.options import AsJson, Corpus
from rag.faces.cli.words import one_line


def cases(corpus: Corpus = None, as_json: AsJson = False) -> None:
    """Ask again the questions whose answers readers found wrong and saved as cases."""
    settings = Settings.from_environment(corpus_dir=corpus)
    desk = open_desk(settings)
    saved = desk.feedback.cases()
    if not saved:
        print("No case is saved. On the page, say what is wrong with an answer and save it as one.")
        return
    asked_again = ask_again(ready(settings), desk.conversations, saved)
    outcomes = gather(asked_again, len(saved), "Asking again")
    if as_json:
        lines = [
            {
                "question": again.question,
                **asdict(again.case.feedback),
                "is_as_before": again.is_as_before,
                "before": answer_to_json(again.before),
                "now": answer_to_json(again.now) if again.now else None,
                "error": again.error,
            }
            for again in outcomes
        ]
        print_json({"schema": "sourceline.cases/1", "cases": lines})
        return
    for again in outcomes:
        came = again.error or ("as before" if again.is_as_before else "otherwise now")
        fault = again.case.feedback.fault
        print(f"{came}: {one_line(again.question)} ({FAULT_WORDS[fault] if fault else 'wrong'})")
    print(f"{sum(not again.is_as_before for again in outcomes)} of {len(outcomes)} come otherwise now.")
