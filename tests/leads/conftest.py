import pytest

from leads.domain.audit import differences


@pytest.fixture
def clean_audit(db):
    """After the test, each row is what the ledger says."""
    yield
    assert list(differences()) == []


@pytest.fixture
def signed_in(client, alice):
    """Alice, at her browser."""
    client.force_login(alice)
    return client
