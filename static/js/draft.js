// Keep drafts in this browser until the server has saved them: <textarea data-draft="whose:what">. Also “Reply” to a certain reply.
const DAYS = 14, LATER = 400;   // days until a draft is deleted; ms until it's stored
const named = field => "draft:" + field.dataset.draft;
const wordOf = form => form?.elements.once?.value;

function stored(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}
function store(field) {
  const {value, form} = field;
  try {
    if (value.trim()) localStorage.setItem(named(field), JSON.stringify({text: value, once: wordOf(form), at: Date.now()}));
    else localStorage.removeItem(named(field));
  } catch { /* full or not allowed: the page still has the text */ }
}
function forgetOld() {
  for (const key of Object.keys(localStorage).filter(name => name.startsWith("draft:")))
    if (!(stored(key)?.at > Date.now() - DAYS * 864e5)) localStorage.removeItem(key);
}
// The server has saved the form with this key: delete its draft, but none begun since.
function forgetSent(word) {
  for (const key of Object.keys(localStorage).filter(name => name.startsWith("draft:")))
    if (stored(key)?.once === word) localStorage.removeItem(key);
}
function bringBack(field) {
  const kept = stored(named(field));
  if (!kept?.text || field.value === kept.text || (field.value.trim() && field.value !== field.defaultValue)) return;
  if (field.getAttribute("aria-invalid") || field.form.querySelector('[role="alert"]')) return;   // the page already contains the text
  const before = field.value;
  field.value = kept.text;
  const notice = field.closest("[data-draft-box]")?.querySelector("[data-draft-back]");
  if (!notice) return;
  notice.hidden = false;
  notice.querySelector("[data-draft-drop]").addEventListener("click", () => {
    field.value = before;
    notice.hidden = true;
    localStorage.removeItem(named(field));
    field.focus();
  }, {once: true});
}
function ready() {
  try {
    forgetOld();
    document.querySelectorAll("[data-draft-sent]").forEach(mark => forgetSent(mark.dataset.draftSent));
    for (const field of document.querySelectorAll("[data-draft]:not([data-draft-ready])")) {
      field.dataset.draftReady = "";
      bringBack(field);
    }
  } catch { /* a browser without storage */ }
}
const timers = new WeakMap();
document.addEventListener("input", ({target}) => {
  if (target.dataset.draft === undefined) return;
  clearTimeout(timers.get(target));
  timers.set(target, setTimeout(() => target.isConnected && store(target), LATER));
});
// Store a form's draft as it is sent, with the form's key.
const leaving = ({target}) => target.querySelectorAll?.("[data-draft]").forEach(field => { clearTimeout(timers.get(field)); store(field); });
document.addEventListener("submit", leaving, true);
addEventListener("pagehide", () => document.querySelectorAll("[data-draft]").forEach(field => field.value !== field.defaultValue && store(field)));

document.addEventListener("click", event => {
  const link = event.target.closest("a[data-answer]");
  const form = link && document.getElementById("reply-form");
  if (!form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  form.elements.answers.value = link.dataset.answer;
  form.querySelector("[data-answering]").hidden = !link.dataset.answer;
  form.querySelector("[data-answering-name]").textContent = link.dataset.name ?? "";
  form.elements.body.focus();
});
// Close a menu on a click elsewhere, and on Escape.
document.addEventListener("click", ({target}) => document.querySelectorAll("details.more[open]").forEach(menu => menu.contains(target) || (menu.open = false)));
document.addEventListener("keydown", ({key}) => {
  const menu = key === "Escape" && document.querySelector("details.more[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("htmx:after:swap", ready);
ready();
