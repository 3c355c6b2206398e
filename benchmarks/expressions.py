"""Expressions a second, beside the same work written in plain Python.

Each expression is evaluated from its text, as a definition holds it; parsed trees are cached as in a
server that runs a flow many times. ``cold`` reads every text anew.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from deskhand.wdl.evaluator import evaluate_template, read_template
from deskhand.wdl.scope import StaticScope

COUNT = 10_000
ORDERS = [{"id": number, "name": f"order {number}", "total": number * 1.5} for number in range(10)]
SCOPE = StaticScope(
    variables={"count": 3, "name": "Ada", "orders": ORDERS},
    actions={"Get": {"name": "Get", "outputs": {"statusCode": 200, "body": {"value": ORDERS}}}},
    trigger={"name": "manual", "outputs": {"body": {"text": "hello world", "number": 7}}},
)
NAME, COUNTED, BODY = "Ada", 3, {"text": "hello world", "number": 7}
PAIRS: Sequence[tuple[str, Callable[[], Any]]] = (
    ("@add(variables('count'), 1)", lambda: COUNTED + 1),
    ("@concat('Hello ', variables('name'), '!')", lambda: "Hello " + NAME + "!"),
    ("@outputs('Get')?['body/value']", lambda: (ORDERS and {"value": ORDERS}).get("value")),
    (
        "@if(greater(triggerBody()?['number'], 5), 'high', 'low')",
        lambda: "high" if BODY["number"] > 5 else "low",
    ),
    ("Dear @{variables('name')}, order @{variables('count')}", lambda: f"Dear {NAME}, order {COUNTED}"),
    ("@toUpper(first(split(triggerBody()['text'], ' ')))", lambda: str(BODY["text"]).split(" ")[0].upper()),
    ("@length(body('Get')?['value'])", lambda: len(ORDERS)),
    (
        "@and(equals(variables('count'), 3), not(empty(variables('name'))))",
        lambda: COUNTED == 3 and bool(NAME),
    ),
    ("@json('{\"a\": [1, 2]}')['a'][1]", lambda: json.loads('{"a": [1, 2]}')["a"][1]),
    ("@body('Get')?['value'][2]?['total']", lambda: ORDERS[2].get("total")),
)


def measure(work: Callable[[int], object]) -> float:
    """Return the best rate a second of three rounds."""
    best = 0.0
    for _ in range(3):
        began = time.perf_counter()
        for number in range(COUNT):
            work(number)
        best = max(best, COUNT / (time.perf_counter() - began))
    return best


def cold(number: int) -> object:
    read_template.cache_clear()
    return evaluate_template(PAIRS[number % len(PAIRS)][0], SCOPE)


def main() -> int:
    for text, plain in PAIRS:
        if evaluate_template(text, SCOPE) != plain():
            print(f"differs: {text}")
            return 1
    peer = measure(lambda number: PAIRS[number % len(PAIRS)][1]())
    warm = measure(lambda number: evaluate_template(PAIRS[number % len(PAIRS)][0], SCOPE))
    from_text = measure(cold)
    print(f"{COUNT} expressions of {len(PAIRS)} kinds")
    print(f"plain Python  {peer:12,.0f} a second")
    print(f"evaluated     {warm:12,.0f} a second   {peer / warm:6.1f} times plain Python")
    print(f"cold          {from_text:12,.0f} a second   {peer / from_text:6.1f} times plain Python")
    return 0


if __name__ == "__main__":
    sys.exit(main())
