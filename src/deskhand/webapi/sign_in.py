"""Signing in and out with a browser. Source: dataverse-api 13.3, OpenID Connect Core 3.1.2."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from deskhand.core.errors import DeskhandError
from deskhand.entities.security import SystemUser
from deskhand.identity.addresses import AddressSigner
from deskhand.identity.audit import Actor, note
from deskhand.identity.client_secrets import secret_matches
from deskhand.identity.errors import LinkRefused, SignInRefused, TooManyAttempts
from deskhand.identity.grants import create_code, find_user
from deskhand.identity.passwords import normal, password_hash
from deskhand.identity.sessions import (
    Method,
    Session,
    end_session,
    find_session,
    open_session,
    use_link_code,
)
from deskhand.identity.throttling import (
    ALL_LINKS,
    Subject,
    begin_attempt,
    by_address,
    by_name,
    forget_attempts,
)
from deskhand.store.database import Transaction
from deskhand.webapi.addresses import caller_address
from deskhand.webapi.authorization import (
    Authorization,
    AuthorizationRefused,
    Misdirected,
    read_authorization,
)
from deskhand.webapi.cookies import Cookies
from deskhand.webapi.oauth_forms import OAuthError, own_address, read_form, read_parameters, require_tenant
from deskhand.webapi.services import Services
from deskhand.webapi.sign_in_pages import PAGE_HEADERS, STYLE, STYLE_PATH, message_page, sign_in_page
from deskhand.webapi.work import Workers

_FORM_PURPOSE = "sign-in form"
_FORM_SECONDS = 3_600
_HOME = "/"

Handler = Callable[[Request], Awaitable[Response]]


class FormForged(DeskhandError):
    """A sign-in form did not come from this server's own page, or its page is more than an hour old.

    Open the page again and sign in. Cookies have to be allowed for this address.
    """

    code = "DH1551"

    def __init__(self) -> None:
        super().__init__("The form is too old, or did not come from this page. Sign in again.")


def sign_in_routes(services: Services, workers: Workers) -> list[Route]:
    """Return the routes that people see when they sign in or out."""
    pages = _SignIn(services, workers)
    return [
        Route("/{tenant}/oauth2/v2.0/authorize", _answering(pages.authorize), methods=["GET"]),
        Route("/{tenant}/oauth2/authorize", _answering(pages.authorize), methods=["GET"]),
        Route("/{tenant}/oauth2/v2.0/logout", _answering(pages.sign_out), methods=["GET"]),
        Route("/sign-in", _answering(pages.form), methods=["GET"]),
        Route("/sign-in", _answering(pages.sign_in), methods=["POST"]),
        Route("/start", _answering(pages.start), methods=["GET"]),
        Route(STYLE_PATH, _style, methods=["GET"]),
    ]


def _answering(handler: Handler) -> Handler:
    """Return a handler that answers what goes wrong with a page."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Misdirected as error:
            return _redirect(error.address)
        except (OAuthError, AuthorizationRefused, LinkRefused, FormForged, SignInRefused) as error:
            again = ("Sign in with a password", "/sign-in")
            return message_page("That did not work", error.message, link=again, status=400, code=error.code)

    return answer


class _SignIn:
    """Signs people in, and gives their clients codes."""

    def __init__(self, services: Services, workers: Workers) -> None:
        self._services = services
        self._settings = services.settings
        self._tokens = services.tokens
        self._workers = workers
        self._signer = AddressSigner(services.keyring)

    async def authorize(self, request: Request) -> Response:
        """Answer a client that wants a code: at once, or after the person signed in."""
        require_tenant(request.path_params["tenant"], self._tokens)
        base = own_address(request, self._services)
        query = request.url.query
        wanted = read_authorization(read_parameters(query), base, self._tokens)
        if not wanted.prompts & {"login", "select_account"}:
            token = self._cookies(base).read(request, self._cookies(base).session)
            address = await self._workers.write(partial(self._code_of_session, token=token, wanted=wanted))
            if address is not None:
                return _redirect(address)
        if "none" in wanted.prompts:
            return _redirect(wanted.answer(error="login_required", error_description="Nobody is signed in."))
        return self._page(request, base, query, name=wanted.login_hint)

    def _code_of_session(self, tx: Transaction, token: str, wanted: Authorization) -> str | None:
        session = find_session(tx, token, self._settings) if token else None
        return None if session is None else wanted.answer(code=create_code(tx, session, wanted.code))

    async def form(self, request: Request) -> Response:
        """Show the form to somebody whom no client sent."""
        return self._page(request, own_address(request, self._services), "")

    async def sign_in(self, request: Request) -> Response:
        """Take the form."""
        base = own_address(request, self._services)
        form = await read_form(request)
        self._check_form(request, base, form)
        query = form.get("request", "")
        wanted = read_authorization(read_parameters(query), base, self._tokens) if query else None
        name, password = form.get("name", "").strip()[:1024], form.get("password", "")[:1024]
        try:
            user_id = await self._recognise(request, name, password)
        except TooManyAttempts as error:
            problem = error.message
            return self._page(request, base, query, name, problem, 429, error.retry_after)
        except SignInRefused as error:
            return self._page(request, base, query, name, error.message, 403)
        return await self._signed_in(request, base, user_id, Method.PASSWORD, wanted)

    async def start(self, request: Request) -> Response:
        """Sign in whoever follows a one-time link."""
        base = own_address(request, self._services)
        code = request.query_params.get("code", "")
        if request.method == "HEAD" or not code:
            # Whatever looks ahead at links must not spend them.
            raise LinkRefused
        subjects = (ALL_LINKS, by_address(caller_address(request, self._services)))

        def use(tx: Transaction) -> UUID | int | None:
            wait = begin_attempt(tx, subjects)
            user_id = None if wait else use_link_code(tx, code)
            if user_id is not None:
                forget_attempts(tx, subjects)
            return wait or user_id

        found = await self._workers.write(use)
        if isinstance(found, int):
            error = TooManyAttempts(found)
            return message_page("Wait a little", error.message, status=429, code=error.code)
        if found is None:
            raise LinkRefused
        return await self._signed_in(request, base, found, Method.LINK, None)

    async def sign_out(self, request: Request) -> Response:
        """Sign a browser out. Source: OpenID Connect RP-Initiated Logout 2.

        Other sites cannot sign anybody out: their requests do not carry the cookie.
        """
        require_tenant(request.path_params["tenant"], self._tokens)
        base = own_address(request, self._services)
        cookies = self._cookies(base)
        token = cookies.read(request, cookies.session)
        if token and request.method == "GET":
            await self._workers.write(partial(self._end, token=token, address=self._caller(request)))
        wanted = request.query_params.get("post_logout_redirect_uri", "")
        response: Response
        if wanted == base or wanted.startswith(f"{base}/"):
            response = _redirect(wanted)
        else:
            response = message_page("You are signed out", "See you.", link=("Sign in again", _HOME))
        cookies.delete(response, cookies.session)
        return response

    def _end(self, tx: Transaction, token: str, address: str) -> None:
        session = find_session(tx, token, self._settings)
        if session is not None:
            end_session(tx, session.id)
            user = find_user(tx, session.user_id)
            note(tx, Actor(user.sign_in_name if user else "", session.user_id, address), "signed out")

    async def _recognise(self, request: Request, name: str, password: str) -> UUID:
        """Return whose name and password these are.

        Raises:
            TooManyAttempts: Nobody looks at them before a while.
            SignInRefused: They are nobody's.
        """
        address = self._caller(request)
        subjects = (by_name(name), by_address(address))
        wait, user_id, kept = await self._workers.write(partial(_begin, name=name, subjects=subjects))
        if wait:
            raise TooManyAttempts(wait)
        hashes = (kept,) if kept else ()
        if await self._workers.compute(partial(secret_matches, hashes, normal(password))) and user_id:
            await self._workers.write(partial(forget_attempts, subjects=subjects))
            return user_id
        actor = Actor(name, None, address)
        await self._workers.write(lambda tx: note(tx, actor, "failed to sign in"))
        raise SignInRefused

    async def _signed_in(
        self, request: Request, base: str, user_id: UUID, method: Method, wanted: Authorization | None
    ) -> Response:
        """Begin a session, in place of the one that the browser had, and go on."""
        cookies = self._cookies(base)
        former = cookies.read(request, cookies.session)
        address = self._caller(request)

        def begin(tx: Transaction) -> tuple[str, str]:
            replaced = find_session(tx, former, self._settings) if former else None
            if replaced is not None:
                end_session(tx, replaced.id)
            token = open_session(tx, user_id, method, self._settings)
            session = find_session(tx, token, self._settings)
            user = find_user(tx, user_id)
            if session is None or user is None:
                raise SignInRefused
            note(tx, Actor(user.sign_in_name, user_id, address), "signed in", method=method.value)
            return token, _next(tx, session, wanted)

        token, target = await self._workers.write(begin)
        response = _redirect(target)
        cookies.write(response, cookies.session, token, self._settings.session_seconds)
        cookies.delete(response, cookies.form)
        return response

    def _page(
        self,
        request: Request,
        base: str,
        query: str,
        name: str = "",
        problem: str = "",
        status: int = 200,
        retry_after: int = 0,
    ) -> Response:
        """Return the form, tied to a cookie of this browser so that no other site can send it."""
        cookies = self._cookies(base)
        tie = cookies.read(request, cookies.form) or secrets.token_urlsafe(16)
        fields = {"request": query, "csrf": self._signer.sign(_FORM_PURPOSE, tie)}
        response = sign_in_page(
            fields=fields, name=name, problem=problem, status=status, retry_after=retry_after
        )
        cookies.write(response, cookies.form, tie, _FORM_SECONDS)
        return response

    def _check_form(self, request: Request, base: str, form: Mapping[str, str]) -> None:
        cookies = self._cookies(base)
        tie = cookies.read(request, cookies.form)
        if not tie or not self._signer.accepts(form.get("csrf", ""), _FORM_PURPOSE, tie):
            raise FormForged

    def _cookies(self, base: str) -> Cookies:
        return Cookies(self._tokens.tenant_id, base)

    def _caller(self, request: Request) -> str:
        return caller_address(request, self._services)


def _begin(tx: Transaction, name: str, subjects: tuple[Subject, ...]) -> tuple[int, UUID | None, str | None]:
    """Count an attempt; return how long it has to wait, or whose name it is and their password's hash."""
    wait = begin_attempt(tx, subjects)
    if wait:
        return wait, None, None
    c = SystemUser.c
    named = sa.and_(sa.func.lower(c.domainname) == name.lower(), ~c.isdisabled, c.applicationid.is_(None))
    user_id: UUID | None = tx.execute(sa.select(c.systemuserid).where(named)).scalar()
    return 0, user_id, password_hash(tx, user_id) if user_id else None


def _next(tx: Transaction, session: Session, wanted: Authorization | None) -> str:
    """Return where somebody who signed in goes: to the client that sent them, or home."""
    return _HOME if wanted is None else wanted.answer(code=create_code(tx, session, wanted.code))


def _redirect(address: str) -> Response:
    return RedirectResponse(address, 303, headers=dict(PAGE_HEADERS))


async def _style(request: Request) -> Response:
    return Response(STYLE, headers={"Cache-Control": "public, max-age=3600"}, media_type="text/css")
