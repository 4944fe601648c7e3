"""The settings of the site, for administrators; in force within seconds, without a restart."""

from __future__ import annotations

from typing import Any

from coursewright.records import settings
from coursewright.records.errors import CoursewrightError
from coursewright.services.admin_health import SETTINGS
from coursewright.services.admin_pages import AdminPage, whole
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN

FIELDS = ("sign_up", "body_mb", "models", "images", "maintenance")


class SettingsPage(AdminPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """What is in force, and what was changed of late."""
        now = await self.ask(settings.read)
        sent = {
            "sign_up": now.sign_up,
            "body_mb": "" if now.body_mb is None else str(now.body_mb),
            "models": "\n".join(now.models),
            "images": "\n".join(now.images),
            "maintenance": now.maintenance,
        }
        await self.show_settings(sent)

    @needs(ADMIN)
    async def post(self) -> None:
        """Put what the form says into force."""
        sent = {name: self.field(name) for name in FIELDS}
        try:
            changes: dict[str, Any] = {
                "sign_up": sent["sign_up"],
                "body_mb": whole(sent["body_mb"], "Largest notebook"),
                "models": lines(sent["models"]),
                "images": lines(sent["images"]),
                "maintenance": " ".join(sent["maintenance"].split()),
            }
            await self.ask(settings.change, self.person, changes, self.request_id)
        except CoursewrightError as error:
            self.set_status(400)
            await self.show_settings(sent, error)
            return
        self.service.house.forget()
        self.go("admin/settings", "The settings are in force, everywhere within ten seconds.")

    async def show_settings(
        self, sent: dict[str, str], wrong: CoursewrightError | None = None
    ) -> None:
        self.show_admin(
            "admin_settings.html",
            sent=sent,
            sign_ups=settings.SIGN_UPS,
            limits=(settings.LEAST_MB, settings.MOST_MB, self.service.body_limit // 2**20),
            longest=settings.LONGEST,
            model=SETTINGS.get("COURSEWRIGHT_LLM_MODEL", ""),
            history=await self.ask(settings.history),
            wrong=wrong,
        )


def lines(text: str) -> tuple[str, ...]:
    """Those that are not empty."""
    return tuple(one.strip() for one in text.splitlines() if one.strip())


ROUTES = [Route("admin/settings", SettingsPage)]
