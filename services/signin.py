"""Where the Hub sends a browser back to after signing in, and what answers to all other paths."""

from __future__ import annotations

from jupyterhub.services.auth import HubOAuthCallbackHandler

from coursewright.records.errors import NotFound
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.guards import open_to_all
from coursewright.services.problems import Problem
from coursewright.services.routes import Route


class Callback(PageHandler, HubOAuthCallbackHandler):
    @open_to_all
    async def get(self) -> None:
        """The Hub's own handler; it checks the state that the browser left with."""
        self.current_user = await self.whoever()
        await HubOAuthCallbackHandler.get(self)


class Elsewhere(PageHandler):
    """No such address: told as a problem document below api/, as a page otherwise."""

    @open_to_all
    async def get(self) -> None:
        raise NotFound("There is nothing at this address")

    post = put = patch = delete = get

    def show_problem(self, problem: Problem) -> None:
        if self.request.path.startswith(f"{self.service.prefix}api/"):
            APIHandler.show_problem(self, problem)
        else:
            super().show_problem(problem)


ROUTES = [Route("oauth_callback", Callback)]
