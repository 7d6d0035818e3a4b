"""What `manage.py check --deploy` says of the hosts that an operator named."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from forecasts.errors import Refused
from forecasts.jobs.hosts import check_hosts, named_hosts

ENDPOINT = {
    "ASSESSOR_LLM_URL": "https://models.test/v1?token=secret",
    "ASSESSOR_LLM_MODEL": "wordy",
    "ASSESSOR_LLM_HOSTS": ["models.test:443"],
    "ASSESSOR_LLM_KEY": "sk-very-secret",
}


def said(settings: Any, **changes: Any) -> list[str]:
    for name, value in {**ENDPOINT, **changes}.items():
        setattr(settings, name, value)
    messages = check_hosts(None)
    assert "secret" not in "".join(f"{each.msg} {each.hint}" for each in messages)
    return [str(each.id).removeprefix("forecasts.") for each in messages]


def test_it_works(settings: Any) -> None:
    assert said(settings) == ["I002"]
    assert check_hosts(None)[0].msg == "Reports and predictions are sent to https://models.test/v1, to the model wordy."


def test_without_an_endpoint_nothing_is_said(settings: Any) -> None:
    assert said(settings, ASSESSOR_LLM_URL="", ASSESSOR_LLM_MODEL="") == []


def test_the_command_names_the_endpoint_and_the_private_hosts(settings: Any) -> None:
    said(settings, EVIDENCE_ALLOW_PRIVATE_HOSTS=["wire.test:8765", "10.0.0.7:80"])
    out = StringIO()
    call_command("check", deploy=True, stdout=out, stderr=out)
    assert "sent to https://models.test/v1," in out.getvalue()
    assert "although they may be private: 10.0.0.7:80, wire.test:8765." in out.getvalue()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ASSESSOR_LLM_MODEL": ""}, ["W001"]),
        ({"ASSESSOR_LLM_URL": ""}, ["W001"]),
        ({"ASSESSOR_LLM_URL": "ftp://models.test/"}, ["W002"]),
        ({"ASSESSOR_LLM_HOSTS": []}, ["I002", "W003"]),
        ({"ASSESSOR_LLM_HOSTS": ["models.test:80"]}, ["I002", "W003"]),
        ({"ASSESSOR_LLM_HOSTS": ["models.test"]}, ["I002", "W006"]),
        ({"EVIDENCE_ALLOW_PRIVATE_HOSTS": ["wire.test"]}, ["W006", "I001", "I002"]),
    ],
)
def test_what_cannot_work_is_named(settings: Any, changes: dict[str, Any], expected: list[str]) -> None:
    assert said(settings, **changes) == expected


@pytest.mark.parametrize(
    ("host", "key", "expected"),
    [
        ("127.0.0.1", "sk-very-secret", ["I002"]),
        ("[::1]", "sk-very-secret", ["I002"]),
        ("localhost", "sk-very-secret", ["I002"]),
        ("models.test", "", ["I002"]),
        ("models.test", "sk-very-secret", ["I002", "W005"]),
        ("93.184.216.34", "", ["I002", "W004"]),
        ("93.184.216.34", "sk-very-secret", ["I002", "W004"]),
    ],
)
def test_plain_http_is_for_private_addresses(settings: Any, host: str, key: str, expected: list[str]) -> None:
    url, hosts = f"http://{host}:8000/v1", [f"{host}:8000"]
    assert said(settings, ASSESSOR_LLM_URL=url, ASSESSOR_LLM_HOSTS=hosts, ASSESSOR_LLM_KEY=key) == expected


def test_a_host_without_a_port_is_refused(settings: Any) -> None:
    settings.ASSESSOR_LLM_HOSTS = ["models.test:443", "models.test"]
    said = "ASSESSOR_LLM_HOSTS: 'models.test' is not accepted; give pairs such as models.example:443"
    with pytest.raises(Refused, match=said):
        named_hosts("ASSESSOR_LLM_HOSTS")
