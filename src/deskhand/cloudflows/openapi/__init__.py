"""Custom connectors: OpenAPI documents → operations → requests. Pure. Source: cloud-flows 3.11."""
