// Drag cards on a board by mouse, pen or finger (by the grip). Dropping a card submits a form. Everything else is plain HTML.
const FAR = 6, EDGE = 70, STEP = 14;   // px
let drag = null, pressed = null;

const board = () => document.getElementById("board");
const gap = Object.assign(document.createElement("li"), {className: "gap"});
gap.setAttribute("aria-hidden", "true");

document.addEventListener("pointerdown", event => {
  const card = event.target.closest?.("[data-drag]");
  if (!card || event.button || board().querySelector(".htmx-request")) return;
  const grip = event.target.closest(".grip");
  if (!grip && (event.pointerType !== "mouse" || event.target.closest("a, button"))) return;
  event.preventDefault();   // don't select text
  drag = {card, id: event.pointerId, x: event.clientX, y: event.clientY, on: false};
});

function place(x, y) {
  const column = document.elementFromPoint(x, y)?.closest("[data-column]");
  if (!column || !board().contains(column)) return;
  const cards = [...column.querySelectorAll(".task:not(.dragged)")];
  const next = cards.find(card => { const box = card.getBoundingClientRect(); return y < box.top + box.height / 2; });
  const list = column.querySelector("ol");
  if (next ? gap.nextElementSibling !== next : list.lastElementChild !== gap) list.insertBefore(gap, next ?? null);
}
document.addEventListener("pointermove", event => {
  if (event.pointerId !== drag?.id) return;
  const {clientX: x, clientY: y} = event;
  if (!drag.on && Math.hypot(x - drag.x, y - drag.y) < FAR) return;
  drag.on = true;
  drag.card.classList.add("dragged");
  if (y < EDGE) scrollBy(0, -STEP);
  else if (y > innerHeight - EDGE) scrollBy(0, STEP);
  place(x, y);
});

// Return "task from to before", the last being the card that follows, or null if the card hasn't moved.
function landing({card}) {
  const column = gap.closest("[data-column]");
  if (!column) return null;
  let next = gap.nextElementSibling;
  if (next === card) next = card.nextElementSibling;
  const before = next?.dataset.task ?? "";
  const from = card.closest("[data-column]").dataset.column, to = column.dataset.column;
  const stays = from === to && (gap.previousElementSibling === card || gap.nextElementSibling === card);
  return stays ? null : [card.dataset.task, from, to, before].join(" ").trim();
}
function end(drops) {
  const {card, on} = drag;
  const move = on && drops ? landing(drag) : null;
  drag = null;
  gap.remove();
  card.classList.remove("dragged");
  if (move) {
    const button = document.querySelector("[data-drop]");
    button.value = move;
    button.form.requestSubmit(button);
  }
}
document.addEventListener("pointerup", ({pointerId}) => pointerId === drag?.id && end(true));
document.addEventListener("pointercancel", ({pointerId}) => pointerId === drag?.id && end(false));
document.addEventListener("keydown", ({key}) => key === "Escape" && drag && end(false));

// If a pressed button has disappeared, move the focus to its card, wherever that is now.
document.addEventListener("submit", ({submitter}) => { pressed = submitter?.closest?.(".task")?.id; }, true);
document.addEventListener("htmx:after:swap", () => {
  if (!pressed || document.activeElement !== document.body) return;
  document.getElementById(pressed)?.querySelector("button, a")?.focus();
  pressed = null;
});
