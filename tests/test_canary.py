"""A word that only the other team's rows hold never shows up, wherever one looks."""

from datetime import date

import pytest
from django.urls import reverse

from funnelcrm.text import fold
from leads.domain.deals import assign_deals, create_deal, lose_deal, move_deal
from leads.domain.touchpoints import log_touchpoint, plan_step
from leads.models import Account, Contact, Deal, DealContact, SavedView, Tag
from stages.models import LossReason, TouchpointType
from tests.access import MODES, ROWS, all_patterns
from tests.factories import make_deal

WORD = "Xanaduquark"
START = "xanadu"  # what is searched for: a page may repeat what was asked


def write_everywhere(stages, owner) -> Deal:
    """A deal of this person with the word in each text that it has."""
    owner.name, owner.team.name = f"Alice {WORD}", f"Team {WORD}"
    owner.save(update_fields=["name"])
    owner.team.save(update_fields=["name"])
    account = Account.objects.create(name=f"{WORD} GmbH", search=fold(WORD), owner=owner)
    contact = Contact.objects.create(account=account, name=f"Dr {WORD}")
    deal = create_deal(
        title=f"{WORD} line", stage=stages["evaluation"], owner=owner, by=owner, account=account
    )
    DealContact.objects.create(deal=deal, contact=contact)
    deal.tags.add(Tag.objects.create(name=WORD))
    kind = TouchpointType.objects.first()
    plan_step(deal_id=deal.pk, type=kind, summary=f"Ask {WORD}", due_on=date(2020, 1, 1), by=owner)
    log_touchpoint(deal_id=deal.pk, type=kind, summary=f"Met {WORD}", note=WORD, by=owner)
    lost = create_deal(title=f"{WORD} lost", stage=stages["interest"], owner=owner, by=owner, account=account)
    other = LossReason.objects.get(name="Other")
    lose_deal(deal_id=lost.pk, seen=1, reason=other, note=WORD, by=owner)
    for shared in (True, False):
        SavedView.objects.create(
            owner=owner,
            pipeline=deal.stage.pipeline,
            name=f"{WORD} {shared}",
            query=f"q={WORD}",
            shared=shared,
        )
    return deal


def addresses(own: Deal, theirs: Deal) -> list[str]:
    """Every GET address, about one's own deal and theirs, with each filter that could reach it."""
    tag = theirs.tags.get()
    filters = [
        "",
        f"q={START}",
        f"owner={theirs.owner_id}",
        f"team={theirs.owner.team_id}",
        f"tag={tag.pk}",
        f"account={START}",
        f"deal={theirs.pk}",
        "state=overdue",
        "sort=value&since=0",
        f"shown.{theirs.stage_id}=900",
        f"stage={theirs.stage_id}",
    ]
    found = []
    for name, row in ROWS.items():
        if not name.startswith("leads:") or "GET" not in row:
            continue
        for about in (own, theirs):
            value = about.stage_id if row.get("for") == "stage" else about.pk
            path = reverse(name, kwargs=dict.fromkeys(all_patterns()[name].pattern.converters, value))
            found += [f"{path}?{words}" for words in filters]
    return list(dict.fromkeys(found))


@pytest.fixture
def theirs(stages, alice) -> Deal:
    return write_everywhere(stages, alice)


@pytest.fixture
def own(stages, charlie) -> Deal:
    return make_deal(stages["evaluation"], charlie, "My own")


def reads(client, user, paths) -> dict[str, bool]:
    """For each address and way of asking: is the word in the answer or its headers?"""
    client.force_login(user)
    found = {}
    for path in paths:
        for mode in ("plain", "htmx"):
            response = client.get(path, headers=MODES[mode])
            found[f"{mode} {path}"] = WORD.lower() in (response.text + str(response.headers)).lower()
    return found


def test_the_other_team_reads_the_word_nowhere(client, charlie, own, theirs):
    found = reads(client, charlie, addresses(own, theirs))

    assert [where for where, seen in found.items() if seen] == []


def test_the_team_itself_reads_it_in_many_places(client, bob, own, theirs):
    """Without this, the test above might be looking in empty rooms."""
    paths = [path for path in addresses(own, theirs) if path.endswith(("?", START))]
    found = reads(client, bob, paths)

    seen = {where.split("?")[0] for where, seen in found.items() if seen}
    assert len(seen) >= 20, sorted(seen)


def test_an_answer_to_a_change_holds_nothing_of_the_other_team(client, charlie, own, theirs):
    client.force_login(charlie)
    stage = theirs.stage_id

    for path, body in {
        "/deals/new/": {"title": "Two", "stage": stage, "currency": "EUR", "account": f"{START} gmbh"},
        f"/deals/{own.pk}/move/": {"to": stage, "seen": 1},
        "/deals/bulk/move/": {"deal": [f"{own.pk}:1", f"{theirs.pk}:1"], "to": stage},
        "/deals/bulk/assign/": {"deal": f"{own.pk}:1", "owner": theirs.owner_id},
        f"/deals/{own.pk}/edit/": {"title": "x", "currency": "EUR", "seen": 1, "owner": theirs.owner_id},
    }.items():
        response = client.post(path, body | {"board": f"owner={theirs.owner_id}"}, headers=MODES["htmx"])
        assert WORD.lower() not in (response.text + str(response.headers)).lower(), path
    own.refresh_from_db()
    assert own.owner == charlie


def test_a_deal_that_changes_hands_leaves_ones_sight_with_all_its_words(
    client, charlie, own, theirs, stages, ada
):
    """Also what the poll and undo tell about it."""
    assign_deals(seen={own.pk: 1}, owner=theirs.owner, by=ada)
    own.refresh_from_db()
    move_deal(deal_id=own.pk, seen=own.version, to_stage=stages["purchase"], by=theirs.owner)
    client.force_login(charlie)

    assert client.get(f"/deals/{own.pk}/").status_code == 404
    assert "My own" not in client.get("/board/changes/?since=0").text


def test_counts_and_versions_of_columns_move_only_with_what_one_sees(client, charlie, own, theirs, stages):
    """A poll that answers because the other team works would tell how much it works."""
    client.force_login(charlie)
    page = client.get("/board/changes/?since=0")
    assert page.status_code == 200
    version = page.headers["HX-Trigger"].split('"version": "')[1].split('"')[0]

    move_deal(deal_id=theirs.pk, seen=theirs.version, to_stage=stages["purchase"], by=theirs.owner)

    assert client.get(f"/board/changes/?since={version}").status_code == 204
