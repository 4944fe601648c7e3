// What makes the administrators' pages handier; they work without it.

import { follow } from "./live.js";

// One box that ticks all others of its form.
function ready(place) {
  for (const all of place.querySelectorAll("[data-ticks-all]")) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of all.form.querySelectorAll(`[name="${all.dataset.ticksAll}"]`)) {
        box.checked = all.checked;
      }
    });
  }
}

ready(document);

// A file is read into the field beside it; what is sent is the field.
for (const file of document.querySelectorAll("[data-reads-into]")) {
  file.closest("[hidden]")?.removeAttribute("hidden");
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (chosen) {
      document.getElementById(file.dataset.readsInto).value = await chosen.text();
    }
  });
}

// What is new is put in place, but never under somebody's hands: not while something in it has the
// focus, or is ticked.
const part = document.querySelector("[data-live]");
let stale = false;

function inUse() {
  const active = document.activeElement;
  return part.contains(active) || part.querySelector("input:checked") !== null;
}

async function renew() {
  stale = true;
  if (inUse()) {
    return;
  }
  stale = false;
  const { xsrf } = document.getElementById("live").dataset;
  const answer = await fetch(location.pathname, {
    headers: { "X-XSRFToken": xsrf },
    redirect: "error",
  });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (fresh && !inUse()) {
    part.replaceChildren(...fresh.childNodes);
    ready(part);
  }
}

if (part) {
  const quietly = () => renew().catch(() => {
    // The next news tells, or the connection does.
  });
  part.addEventListener("focusout", () => setTimeout(() => stale && quietly()));
  follow({ hear: message => message.changed && quietly(), poll: renew, reset: quietly });
}
