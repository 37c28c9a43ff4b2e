"""Compares what was acknowledged with what stands in the ledger. Finds nothing where all is well."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise

from tests.stress.client import Post

FINE = {200, 409}


def violations(posts: Iterable[Post], ledger: list[dict]) -> list[str]:
    """Lost, doubled and out-of-chain events, and answers that should not be, one sentence each.

    What was acknowledged is compared, not only that something was: a version that
    was rolled back and used again would pass a check of numbers alone.
    """
    posts = list(posts)
    by_operation = {(event["deal_id"], event["operation"]): event for event in ledger}
    accepted = [post for post in posts if post.status == 200]
    found = [f"a move answered {post.status}" for post in posts if post.status not in FINE]
    for (deal, seen), times in Counter((post.deal, post.seen) for post in accepted).items():
        if times > 1:
            found.append(f"deal {deal}: {times} moves from version {seen} were accepted")
    for post in accepted:
        event = by_operation.get((post.deal, post.operation.hex))
        if event is None:
            found.append(f"deal {post.deal}: the move from version {post.seen} is lost")
        elif (event["seq"], event["to_stage_id"]) != (post.seen + 1, post.to):
            found.append(f"deal {post.deal}: the move from version {post.seen} stands at {event['seq']}")
    moved = [event for event in ledger if event["kind"] == "moved"]
    if len(moved) != len(accepted):
        found.append(f"{len(accepted)} moves were accepted, {len(moved)} stand in the ledger")
    return found + broken_chains(ledger)


def broken_chains(ledger: list[dict]) -> list[str]:
    """Where the events of a deal are not numbered 1 to n, or a move starts where the deal was not."""
    found = []
    histories = defaultdict(list)
    for event in ledger:
        histories[event["deal_id"]].append(event)
    for deal, events in histories.items():
        if [event["seq"] for event in events] != list(range(1, len(events) + 1)):
            found.append(f"deal {deal}: its events are not numbered 1 to {len(events)}")
        if any(event["kind"] == "voided" for event in events):
            continue  # then the audit's replay says where the deal was
        moves = [event for event in events if event["to_stage_id"]]
        for before, after in pairwise(moves):
            if after["from_stage_id"] not in (before["to_stage_id"], None):
                found.append(f"deal {deal}: event {after['seq']} starts where the deal was not")
    return found
