"""Which stage a file's word for a stage means, and what came of a deal that has it.

Prospecting=Awareness              the deal is in this stage since it started
Won=won:Purchase                   it began in the first stage and entered this one when it closed
Won=won:Engagement>Purchase        the same, but it began in Engagement
Lost=lost:Engagement               it began in this stage and was lost there when it closed
"""

from collections.abc import Mapping
from dataclasses import dataclass

from funnelcrm.errors import DomainError
from funnelcrm.text import fold
from stages.models import Pipeline, Stage

USUAL_WINS = ("won", "closed won", "closedwon", "gewonnen")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a word means: open, won or lost; the stage a deal began in, and the one it came to."""

    outcome: str
    begins: Stage
    stage: Stage

    def __str__(self) -> str:
        way = str(self.stage) if self.begins == self.stage else f"{self.begins} > {self.stage}"
        return way if self.outcome == "open" else f"{self.outcome}: {way}"


def stage_rules(told: Mapping[str, str]) -> dict[str, Rule]:
    """The rule of each word, folded: our own stages by name, the usual words for a win, and what is told."""
    pipeline = Pipeline.objects.filter(is_default=True).first()
    if pipeline is None:
        raise DomainError("There is no pipeline yet: set up the installation first.")
    stages = list(Stage.objects.filter(pipeline=pipeline).shown())
    first_won = next(stage for stage in stages if stage.is_won)
    rules = {fold(stage.name): _plain(stage, stages[0]) for stage in stages}
    rules |= {word: Rule("won", stages[0], first_won) for word in USUAL_WINS if word not in rules}
    return rules | {fold(word): _parse(word, text, stages) for word, text in told.items()}


def _plain(stage: Stage, first: Stage) -> Rule:
    return Rule("won", first, stage) if stage.is_won else Rule("open", stage, stage)


def _parse(word: str, text: str, stages: list[Stage]) -> Rule:
    outcome, colon, way = text.partition(":")
    outcome = outcome.strip().lower()
    if not colon:
        return _plain(_find(word, text, stages), stages[0])
    if outcome not in ("won", "lost", "open"):
        raise DomainError(f"“{word}={text}”: before the colon stands won, lost or open.")
    first, arrow, last = way.partition(">")
    end = _find(word, last if arrow else first, stages)
    begin = _find(word, first, stages) if arrow else stages[0] if outcome == "won" else end
    if (outcome == "won") != end.is_won:
        raise DomainError(
            f"“{word}={text}”: “{end}” is {'no' if outcome == 'won' else 'a'} stage of won deals."
        )
    if outcome != "won" and begin != end:
        raise DomainError(f"“{word}={text}”: only a won deal can have come from another stage.")
    return Rule(outcome, begin, end)


def _find(word: str, name: str, stages: list[Stage]) -> Stage:
    for stage in stages:
        if fold(name) in (fold(stage.name), stage.slug):
            return stage
    raise DomainError(
        f"“{word}”: there is no stage “{name.strip()}”. There are: {', '.join(map(str, stages))}."
    )
