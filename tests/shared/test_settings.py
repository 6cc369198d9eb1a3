"""Settings are few, documented, and refuse what is unsafe in one sentence."""

from pathlib import Path

import pytest

from backstory_shared.errors import CannotStart
from backstory_shared.settings import GROUPS, Storage, Web, load, variable

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"
FIELDS = [(name, field) for group in GROUPS for name, field in group.model_fields.items()]


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[name for name, _ in FIELDS])
def test_every_setting_is_in_the_table(name: str, field: object) -> None:
    assert f"| `{variable(name)}` |" in DOCUMENT.read_text()


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[name for name, _ in FIELDS])
def test_every_setting_says_what_it_does_in_the_words_of_the_table(
    name: str, field: object
) -> None:
    description = getattr(field, "description", None)

    assert description
    assert f"{description} |" in DOCUMENT.read_text()


def test_the_table_has_no_setting_that_is_not_there() -> None:
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]

    assert len(rows) == len(FIELDS)


def test_a_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSTORY_DATA", "/srv/backstory")

    assert load(Storage).data == Path("/srv/backstory")


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSTORY_API_KEY", "")

    assert load(Web).api_key is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org"])
def test_without_a_key_only_loopback_is_served(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.delenv("BACKSTORY_API_KEY", raising=False)
    monkeypatch.setenv("BACKSTORY_HOST", host)

    with pytest.raises(CannotStart, match="BACKSTORY_API_KEY"):
        load(Web)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_loopback_needs_no_key(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.delenv("BACKSTORY_API_KEY", raising=False)
    monkeypatch.setenv("BACKSTORY_HOST", host)

    assert load(Web).host == host


def test_with_a_key_the_world_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSTORY_HOST", "0.0.0.0")
    monkeypatch.setenv("BACKSTORY_API_KEY", "opensesame")

    assert load(Web).host == "0.0.0.0"


def test_a_wrong_setting_is_named_and_its_value_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSTORY_PORT", "canary")

    with pytest.raises(CannotStart) as refused:
        load(Web)

    assert "BACKSTORY_PORT" in refused.value.detail
    assert "canary" not in refused.value.detail


def test_a_key_that_no_header_can_carry_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSTORY_API_KEY", "clé")

    with pytest.raises(CannotStart, match="ASCII"):
        load(Web)


def test_the_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSTORY_API_KEY", "opensesame")

    assert "opensesame" not in repr(load(Web))
