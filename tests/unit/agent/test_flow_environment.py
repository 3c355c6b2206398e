from __future__ import annotations

from deskhand.agent.forked import environment_of_flows


def test_a_flow_sees_the_machine_and_its_drives_and_no_other_setting() -> None:
    environment = {
        "HOME": "/home/robin",
        "DESKHAND_WINDOWS_DRIVES": "C=/srv/c",
        "DESKHAND_REGISTRATION_TOKEN": "secret",
    }

    assert environment_of_flows(environment) == {"HOME": "/home/robin", "DESKHAND_WINDOWS_DRIVES": "C=/srv/c"}
