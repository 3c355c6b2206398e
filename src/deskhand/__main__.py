"""``python -m deskhand`` is the ``deskhand`` command."""

from deskhand.cli import main

main()
