"""Saved views: private, shared with the team, and nobody else's."""

import pytest
from django.urls import reverse

from leads.models import SavedView

URL = reverse("leads:save-view")


@pytest.fixture
def save(client, alice, pipeline):
    client.force_login(alice)

    def send(name="Big ones", query="min=5000&owner=me", **data):
        return client.post(URL, {"name": name, "query": query, **data})

    return send


def names(client, user):
    client.force_login(user)
    return [tab.name for tab in client.get(reverse("leads:tabs")).context["tabs"]][4:]


def test_a_view_keeps_the_filter(save, client, alice):
    response = save()

    assert response["Location"] == f"{reverse('leads:board')}?owner={alice.pk}&min=5000"
    assert SavedView.objects.get().query == f"owner={alice.pk}&min=5000"


def test_a_private_view_is_ones_own_and_a_shared_one_the_teams(save, client, alice, bob, charlie):
    save("Private")
    save("Shared", shared="on")

    assert names(client, alice) == ["Private", "Shared"]
    assert names(client, bob) == ["Shared"]
    assert names(client, charlie) == []


def test_a_name_is_taken_once_whatever_its_case(save):
    save("Big ones")

    response = save("BIG ONES")

    assert response.status_code == 422
    assert "already have a view" in response.text


def test_only_its_owner_deletes_a_view(save, client, bob, alice):
    save("Shared", shared="on")
    url = reverse("leads:delete-view", args=[SavedView.objects.get().pk])

    client.force_login(bob)
    assert client.post(url).status_code == 404
    client.force_login(alice)
    client.post(url)

    assert SavedView.objects.count() == 0
