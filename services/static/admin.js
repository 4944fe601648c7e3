// What makes the administrators' pages handier; they work without it.

// One box that ticks all others of its form.
for (const all of document.querySelectorAll("[data-ticks-all]")) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of all.form.querySelectorAll(`[name="${all.dataset.ticksAll}"]`)) {
      box.checked = all.checked;
    }
  });
}

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
