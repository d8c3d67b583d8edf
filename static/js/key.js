// A key is shown only once: remove it when the page is left, in case the browser restores the page from memory.
addEventListener("pagehide", () => {
  const key = document.getElementById("key");
  key?.replaceChildren(key.dataset.gone);
  key?.removeAttribute("aria-hidden");
  document.querySelector("[data-spoken]")?.remove();
  for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.hidden = true;
});
