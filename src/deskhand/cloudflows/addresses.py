"""The addresses at which triggers and waiting actions are called. Source: cloud-flows 2.2 and 2.5."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode
from uuid import UUID

from deskhand.identity.addresses import AddressSigner

ROOT = "/api/cloudflows"
API_VERSION = "2016-10-01"
_SIGNATURE_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes and checks signed addresses.

    Attributes:
        signer: Signs them.
        base_url: The server's address, without a slash at its end.
    """

    signer: AddressSigner
    base_url: str

    def of_trigger(self, workflow_id: UUID, name: str, key: str | None, base_url: str | None = None) -> str:
        """Return the address of a trigger.

        Args:
            workflow_id: The flow.
            name: The trigger.
            key: What makes the flow's present addresses differ from those before.
            base_url: The server's address as the one who asks sees it.
        """
        path = f"{ROOT}/workflows/{workflow_id}/triggers/{quote(name, safe='')}/paths/invoke"
        return f"{base_url or self.base_url}{path}?{urlencode(self.queries(workflow_id, name, key))}"

    def queries(self, workflow_id: UUID, name: str, key: str | None) -> dict[str, str]:
        """Return the queries of a trigger's address."""
        return {
            "api-version": API_VERSION,
            "sp": f"/triggers/{name}/run",
            "sv": _SIGNATURE_VERSION,
            "sig": self.signer.sign("trigger", str(workflow_id), name.casefold(), key or ""),
        }

    def opens_trigger(self, signature: str, workflow_id: UUID, name: str, key: str | None) -> bool:
        """Tell whether a signature opens a trigger."""
        return self.signer.accepts(signature, "trigger", str(workflow_id), name.casefold(), key or "")

    def of_callback(self, run_id: UUID, tracking_id: UUID) -> str:
        """Return the address at which an action of a run is called back."""
        signature = self.signer.sign("callback", str(run_id), str(tracking_id))
        return f"{self.base_url}{ROOT}/runs/{run_id}/actions/{tracking_id}/callback?sig={signature}"

    def opens_callback(self, signature: str, run_id: UUID, tracking_id: UUID) -> bool:
        """Tell whether a signature opens the callback of an action."""
        return self.signer.accepts(signature, "callback", str(run_id), str(tracking_id))
