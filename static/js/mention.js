// `@` and the beginning of a name lists people: <textarea data-mentions="URL">. The list comes from the server. Without scripts, people type the handle.
const WAIT = 150;   // ms
const UNSPACED = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Tibt}\p{sc=Mymr}\p{sc=Khmr}`;
// like handles in core/text/markdown_parser.py
const BEGUN = new RegExp(String.raw`(?:(?<![\p{L}\p{N}_@/.+-])|(?<=[${UNSPACED}]))@([\p{L}\p{M}\p{N}'’-]{0,40})$`, "u");
let field, timer, asked = 0, at = -1, chosen = "";

const list = () => document.getElementById("mentions");
const options = () => [...list()?.querySelectorAll('[role="option"]') ?? []];
const isOpen = () => options().length > 0 && !list().hidden;
const announce = words => { const status = field?.closest("[data-draft-box]")?.querySelector("[data-mentions-status]"); if (status) status.textContent = words; };

function begun() {
  const {value, selectionStart, selectionEnd} = field;
  return selectionStart === selectionEnd ? BEGUN.exec(value.slice(0, selectionStart)) : null;
}
function close() {
  clearTimeout(timer);
  asked++;
  if (list()) list().hidden = true;
  for (const name of ["aria-activedescendant", "aria-controls"]) field?.removeAttribute(name);
  announce("");
}
function point(number) {
  const all = options();
  at = (number + all.length) % all.length;
  all.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
  all[at].scrollIntoView({block: "nearest"});
  field.setAttribute("aria-controls", "mentions");
  field.setAttribute("aria-activedescendant", all[at].id);
}
async function ask(typed) {
  const turn = ++asked;
  const url = `${field.dataset.mentions}?mention=${encodeURIComponent(typed)}`;
  // an untrusted event, so that app.js shows no error
  await htmx.ajax("GET", url, {target: "#mentions", swap: "outerHTML", headers: {"HX-Target": "ul#mentions"}, event: new Event("mention")});
  if (turn !== asked || document.activeElement !== field || begun()?.[1] !== typed) return close();
  if (!options().length) return announce("");
  point(0);
  announce(list().dataset.status);
}
function look() {
  clearTimeout(timer);
  const typed = begun()?.[1];
  if (typed === undefined || typed === chosen) return close();
  chosen = null;
  timer = setTimeout(ask, WAIT, typed);
}
function choose(option) {
  const {index} = begun() ?? {};
  if (index === undefined) return close();
  chosen = option.dataset.handle;
  field.setRangeText(`@${chosen} `, index, field.selectionStart, "end");
  close();
  field.dispatchEvent(new InputEvent("input", {bubbles: true}));
}

document.addEventListener("input", ({target}) => {
  if (target.dataset.mentions === undefined) return;
  field = target;
  look();
});
document.addEventListener("keydown", event => {
  if (event.target !== field || !isOpen() || event.isComposing) return;
  const {key} = event;
  if (key === "ArrowDown") point(at + 1);
  else if (key === "ArrowUp") point(at - 1);
  else if (key === "Enter" || key === "Tab") choose(options()[at]);
  else if (key === "Escape") close();
  else return;
  event.preventDefault();
});
document.addEventListener("focusout", ({target}) => target === field && close());
// A press on the list doesn't move the focus, so the cursor stays where it is in the text.
document.addEventListener("mousedown", event => event.target.closest?.("#mentions") && event.preventDefault());
document.addEventListener("click", ({target}) => {
  const option = target.closest?.('#mentions [role="option"]');
  if (option && field) choose(option);
});
