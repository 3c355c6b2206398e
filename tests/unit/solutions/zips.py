"""Builds exported solutions in memory."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

FLOW_ID = "6f3f0c56-76de-4b9f-a7a1-4b8d3f0f2b11"
CLOUD_ID = "0d9ef6cb-70cf-4ee7-8e4c-7b1f6d0c9a55"

MANIFEST = """<ImportExportXml><SolutionManifest>
<UniqueName>Orders</UniqueName>
<LocalizedNames><LocalizedName description="All orders" languagecode="1033" /></LocalizedNames>
<Version>1.2.0.3</Version><Managed>1</Managed>
</SolutionManifest></ImportExportXml>"""


def archive(entries: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of some files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as written:
        for name, content in entries.items():
            written.writestr(name, content)
    return data.getvalue()


def desktop_flow(
    definition: str = "SET A TO 1\r\n",
    *,
    workflow_id: str = FLOW_ID,
    name: str = "Book orders",
    more: str = "",
) -> str:
    """Return the element of a desktop flow, its text a JSON string as the exporter writes it."""
    return (
        f'<Workflow WorkflowId="{{{workflow_id}}}" Name="{name}"><Category>6</Category>'
        f"<Definition>{escape(json.dumps(definition))}</Definition>{more}</Workflow>"
    )


def customizations(*workflows: str, more: str = "") -> str:
    """Return the text of ``customizations.xml``."""
    return f"<ImportExportXml><Workflows>{''.join(workflows)}</Workflows>{more}</ImportExportXml>"


def solution(*workflows: str, more: str = "", files: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return an exported solution."""
    return archive(
        {
            "customizations.xml": customizations(*workflows, more=more),
            "solution.xml": MANIFEST,
            **(files or {}),
        }
    )
