// For every page: busy buttons, error messages, and small improvements over plain HTML.
const LONGEST = 15000;   // ms, as in htmx's defaultTimeout

// A pressed button is busy until its page or fragment has arrived. Meanwhile another press sends nothing.
const busy = (button, on) => on ? button?.setAttribute("aria-busy", "true") : button?.removeAttribute("aria-busy");
const isBusy = button => button?.getAttribute("aria-busy") === "true";

document.addEventListener("submit", event => {
  if (!isBusy(event.submitter)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("submit", ({defaultPrevented, submitter, target}) => {
  if (defaultPrevented && !target.matches("[hx-post]")) return;   // another script sends it
  busy(submitter, true);
  setTimeout(() => busy(submitter, false), LONGEST);
});
const pressed = ({ctx}) => ctx.request.submitter ?? ctx.sourceElement.closest("button");
document.addEventListener("htmx:before:request", ({detail}) => busy(pressed(detail), true));
document.addEventListener("htmx:finally:request", ({detail}) => busy(pressed(detail), false));
addEventListener("pageshow", ({persisted}) => persisted && document.querySelectorAll(".btn[aria-busy]").forEach(button => busy(button, false)));

// Errors are shown at the top of the window, even if the page is scrolled (`.now`). Requests that a live page makes by itself fail silently and are retried.
function say(sentence) {
  const messages = document.getElementById("messages");
  const notice = document.createElement("p");
  notice.className = "notice no";
  notice.textContent = sentence;
  const now = document.createElement("div");
  now.className = "now stack";
  now.append(notice);
  messages?.replaceChildren(now);
}
const byItself = ctx => ctx?.sourceEvent?.isTrusted === false;
const SWAPPED = [409, 422];   // these responses contain their own messages

document.addEventListener("htmx:before:request", ({detail: {ctx}}) => {
  if (!byItself(ctx)) document.querySelectorAll("#messages .no").forEach(notice => notice.remove());   // a new attempt
});
document.addEventListener("htmx:error", ({detail: {ctx, error}}) => {
  if (!ctx && error) console.error(error);
  if (!byItself(ctx)) say(document.getElementById("messages")?.dataset.lost);
});
document.addEventListener("htmx:response:error", ({detail: {ctx}}) => {
  if (byItself(ctx) || SWAPPED.includes(ctx.response.status) || ctx.text?.includes("<hx-partial")) return;
  say(document.getElementById("messages")?.dataset.failed);
});
document.addEventListener("htmx:before:history:update", event => {
  if (event.detail.response?.status >= 400) event.preventDefault();
});

// On a phone the row of tabs may be wider than the screen: scroll it to the current tab, but don't scroll the page.
for (const row of document.querySelectorAll(".tabs")) {
  const here = row.querySelector("[aria-current]")?.getBoundingClientRect(), all = row.getBoundingClientRect();
  if (here) row.scrollLeft += here.left + here.width / 2 - all.left - all.width / 2;
}

// Close a menu after a click on a link to another part of the same page.
document.addEventListener("click", event => {
  const menu = event.target.closest("[popover] a[href*='#']")?.closest("[popover]");
  if (menu?.matches(":popover-open")) menu.hidePopover();
});

// A link to a confirmation page opens the dialog with the same question instead, if the page has one.
document.addEventListener("click", event => {
  const link = event.target.closest("a[data-dialog]");
  const dialog = link && document.getElementById(link.dataset.dialog);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
});
// Browsers before 2025 don't support `command`.
if (!("command" in HTMLButtonElement.prototype)) document.addEventListener("click", event => {
  const button = event.target.closest("button[commandfor]");
  const dialog = button && document.getElementById(button.getAttribute("commandfor"));
  if (button?.getAttribute("command") === "show-modal") dialog?.showModal();
  if (button?.getAttribute("command") === "close") dialog?.close();
});

// Fill in the browser's time zone where a form's field for it is empty.
function localise(root) {
  for (const field of root.querySelectorAll("[data-guess-zone]"))
    if (!field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

// Show or hide a password. The button is hidden in the HTML, because it needs this script.
function revealers(root) {
  for (const button of root.querySelectorAll("button[data-reveal]")) button.hidden = false;
}
document.addEventListener("click", event => {
  const button = event.target.closest("button[data-reveal]");
  const field = button && document.getElementById(button.dataset.reveal);
  if (!field) return;
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
});

const ready = root => { localise(root); revealers(root); };
document.addEventListener("htmx:after:swap", () => ready(document));
ready(document);
