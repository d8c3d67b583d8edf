// A key is shown once: a page that is left and comes back from the browser's memory does not show it again.
addEventListener("pagehide", () => {
  const key = document.getElementById("key");
  key?.replaceChildren(key.dataset.gone);
  key?.removeAttribute("aria-hidden");
  document.querySelector("[data-spoken]")?.remove();
  for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.hidden = true;
});
