"""What runs cloud flows, put together for one installation."""

from __future__ import annotations

from deskhand.cloudflows.runtime import CloudFlows
from deskhand.server.installation import Installation
from deskhand.webapi.embedded import EmbeddedWebApi


def cloud_flows_of(installation: Installation) -> CloudFlows:
    """Return what runs the cloud flows of an installation; it does nothing until it is started."""
    return CloudFlows(
        installation.database,
        installation.settings,
        installation.clock,
        installation.keyring,
        installation.vault,
        installation.address,
        EmbeddedWebApi(installation.settings, installation.vault, installation.address),
    )
