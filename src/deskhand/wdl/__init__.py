"""The cloud-flow language: expressions and templates of the Workflow Definition Language.

Text in, tree or value out. Nothing here reads a file, the environment, the network or a clock; what an
expression may know comes through :class:`deskhand.wdl.scope.Scope`.
"""
