"""Accounts of a local site: NativeAuthenticator, and a one-time link for the first password.

There is never a default password. `coursewright up` prints a link with a ticket; whoever opens it
sets the administrator's password, and the ticket is gone. Only the ticket's hash is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Any

from jupyterhub import orm
from jupyterhub.handlers.login import LoginHandler
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.handlers import LocalBase, SignUpHandler
from tornado import web
from traitlets import Any as Anything
from traitlets import Bool, Unicode

from coursewright.hub_config.admission import LOCKED_OUT, Admission

PATH = "first-admin"
# bcrypt looks at 72 bytes; what is longer would be cut without a word.
LONGEST = 72


def write_ticket(file: Path) -> str:
    """Make a new ticket, which voids an older one; gives its text for the link."""
    ticket = secrets.token_urlsafe(32)
    file.touch(mode=0o600)
    file.write_text(_hash(ticket))
    return ticket


def marker(ticket_file: Path | str) -> Path:
    """The file that holds the administrator's name once the password is set."""
    return Path(ticket_file).with_name("has-admin")


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()


class LocalAuthenticator(NativeAuthenticator):
    """People sign up themselves; administrators' names are kept for the one-time link."""

    enable_signup: bool  # the base class is not typed
    open_signup: bool
    admission = Anything(config=True, help="Reads what administrators decide; admission.py.")
    only_made = Bool(False, help="Whether only names that an administrator made may sign up.")
    may_sign_up = Bool(True, config=True, help="Whether anybody may, whatever is decided.")
    ticket_file = Unicode(config=True, help="Where the hash of the one-time ticket lies.")

    def ticket_fits(self, ticket: str) -> bool:
        try:
            kept = Path(self.ticket_file).read_text()
        except OSError:
            return False
        return hmac.compare_digest(kept, _hash(ticket))

    def create_user(self, username: str, password: str, **kwargs: Any) -> Any:
        """Refuse an administrator's name: NativeAuthenticator would let in whoever is first."""
        name = self.normalize_username(username)
        if name in self.admin_users:
            return None
        # An account that an administrator made waits for one: it may have been given rights, and
        # whoever signs up first under its name need not be who was meant.
        made = self.db.query(orm.User).filter(orm.User.name == name).first() is not None
        if self.only_made and not made:
            return None
        usual = self.open_signup
        self.open_signup = usual and not made
        try:
            return super().create_user(username, password, **kwargs)
        finally:
            self.open_signup = usual

    def is_password_strong(self, password: str) -> bool:
        return len(password.encode()) <= LONGEST and super().is_password_strong(password)

    def set_administrator(self, password: str) -> bool:
        """Set the password of the first administrator; False when it is too weak."""
        name = min(self.admin_users)
        if not self.is_password_strong(password):
            return False
        if self.user_exists(name):
            self.change_password(name, password)
        else:
            # Sign-up may be off on this site; the ticket stands for the permission.
            allowed = bool(self.enable_signup)
            self.enable_signup = True
            try:
                super().create_user(name, password)
            finally:
                self.enable_signup = allowed
        Path(self.ticket_file).unlink(missing_ok=True)
        marker(self.ticket_file).write_text(name)
        return True

    async def authenticate(self, handler: Any, data: Any) -> Any:
        """Tell somebody who waits for approval so, once the password is right."""
        found = self.get_user(data["username"])
        if found and not found.is_authorized and found.is_valid_password(data["password"]):
            raise web.HTTPError(403, "An administrator has to let you in first. Try again later.")
        name = await super().authenticate(handler, data)
        if name and await self.is_out(self.normalize_username(data["username"])):
            raise web.HTTPError(403, LOCKED_OUT)
        return name

    async def refresh_user(self, user: Any, handler: Any = None) -> Any:
        """False ends the Hub's session of somebody who is deactivated."""
        if await self.is_out(user.name):
            return False
        return await super().refresh_user(user, handler)

    async def is_out(self, name: str) -> bool:
        return isinstance(self.admission, Admission) and await self.admission.is_deactivated(name)

    async def settle_sign_up(self, usual: tuple[bool, bool]) -> None:
        """As administrators decide, or else as `usual`: whether, and without their word."""
        policy = "as started"
        if isinstance(self.admission, Admission) and self.may_sign_up:
            policy = (await self.admission.settings()).sign_up
        self.enable_signup, self.open_signup = {
            "open": (True, True),
            "approval": (True, False),
            "closed": (True, False),
        }.get(policy, usual)
        # They choose their password by signing up, on a closed site too.
        self.only_made = policy == "closed"

    def get_handlers(self, app: Any) -> list[Any]:
        """NativeAuthenticator's pages, with the Hub's own sign-in page.

        The one of NativeAuthenticator 1.3 fails under JupyterHub 6: it uses `statsd`, now gone.
        """
        usual = {"usual": (bool(self.enable_signup), bool(self.open_signup))}
        ours = [("/login", SignIn, usual), ("/signup", SignUp, usual)]
        theirs = [one for one in super().get_handlers(app) if one[0] not in ("/login", "/signup")]
        return [*theirs, *ours, (rf"/{PATH}", FirstAdminHandler)]


class Settled:
    """A page that goes by what administrators decide about sign-up now."""

    def initialize(self, usual: tuple[bool, bool]) -> None:
        self.usual = usual

    async def prepare(self) -> None:
        await self.authenticator.settle_sign_up(self.usual)  # type: ignore[attr-defined]
        await super().prepare()  # type: ignore[misc]


class SignIn(Settled, LoginHandler):
    """The Hub's own; it offers sign-up where that is open."""


class SignUp(Settled, SignUpHandler):
    """NativeAuthenticator's, which says why nobody else may sign up on a closed site."""

    def get_result_message(self, user: Any, *facts: Any) -> tuple[str, str]:
        _, taken, confirmed, _ = facts
        if user is None and confirmed and not taken and self.authenticator.only_made:
            told = "Only people whom an administrator has entered can make an account here now."
            return "alert-danger", told
        if user is not None and not user.is_authorized:
            return "alert-info", "An administrator has to let you in first. Try again later."
        alert, message = super().get_result_message(user, *facts)
        return str(alert), str(message)


class FirstAdminHandler(LocalBase):
    """The page behind the one-time link."""

    async def get(self) -> None:
        # The Hub's log blanks the parameters that it knows as secrets, and `token` is one.
        ticket = self.get_query_argument("token", "")
        await self._form(ticket)

    async def post(self) -> None:
        ticket = self.get_body_argument("ticket", "")
        password = self.get_body_argument("password", "", strip=False)
        self._check(ticket)
        if password != self.get_body_argument("confirmation", "", strip=False):
            await self._form(ticket, "The two passwords differ.")
        elif self.authenticator.set_administrator(password):
            self.redirect(self.get_login_url())
        else:
            least = self.authenticator.minimum_password_length
            await self._form(
                ticket,
                f"Choose one of {least} to {LONGEST} characters that is not a common password.",
            )

    def _check(self, ticket: str) -> None:
        if not self.authenticator.ticket_fits(ticket):
            # As the reason: a message would be logged together with the whole address.
            raise web.HTTPError(
                403,
                reason="This link has been used or replaced."
                " Start coursewright up with --reset-admin for a new one.",
            )

    async def _form(self, ticket: str, problem: str = "") -> None:
        self._check(ticket)
        # The ticket stands in this page's address: it must not travel on as a referrer.
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        page = await self.render_template(
            "first-admin.html",
            administrator=min(self.authenticator.admin_users),
            ticket=ticket,
            problem=problem,
            least=self.authenticator.minimum_password_length,
            longest=LONGEST,
        )
        self.finish(page)
