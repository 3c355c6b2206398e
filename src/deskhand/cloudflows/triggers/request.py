"""Request: a flow that is called, by a person, a program or another flow. Source: cloud-flows 2.2."""

from __future__ import annotations

from deskhand.cloudflows.declare import INSTANT, Field, TriggerType, declare_trigger

REQUEST = declare_trigger(
    TriggerType(
        name="Request",
        title="When an HTTP request is received",
        doc="Starts a run when somebody calls the flow's address, presses its button, or a flow calls it.",
        kind=INSTANT,
        fields=(
            Field("inputs/schema", "Request body JSON schema", type="object"),
            Field("inputs/method", "Method", options=("GET", "POST", "PUT", "PATCH", "DELETE")),
            Field("inputs/relativePath", "Relative path", type="string"),
        ),
        is_called=True,
    )
)

MANUAL = declare_trigger(
    TriggerType(
        name="Manual",
        title="When an HTTP request is received",
        doc="The oldest name of the Request trigger.",
        kind=INSTANT,
        is_called=True,
    )
)
