"""How a person likes the board is kept, for that person alone."""

from django.urls import reverse

BOARD = reverse("leads:board")


def test_a_column_is_folded_and_unfolded(client, alice, stages):
    client.force_login(alice)
    url = reverse("leads:fold", args=[stages["interest"].pk])

    client.post(url)
    assert client.get(BOARD).text.count("col is-folded") == 1
    client.post(url)
    assert "is-folded" not in client.get(BOARD).text


def test_cards_are_compact_for_who_likes_it(client, alice, bob, stages):
    client.force_login(alice)
    client.post(reverse("leads:density"), {"compact": "1"})

    assert "is-compact" in client.get(BOARD).text
    client.force_login(bob)
    assert "is-compact" not in client.get(BOARD).text


def test_managers_begin_with_what_needs_attention(client, alice, mona, stages):
    client.force_login(mona)
    assert client.get("/")["Location"] == f"{BOARD}?state=attention"
    client.force_login(alice)
    assert client.get("/")["Location"] == BOARD
