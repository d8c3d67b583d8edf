// A ranking: drag options by the grip, move them by buttons, or choose a rank in their field. The list is always sorted.
// The fields are what is sent, as without this script. Where ties are allowed, they are made by fields or by dropping an
// option between tied ones. A move by a button leaves a tie, or swaps ranks with the next option.
const FAR = 6, EDGE = 70, STEP = 14;   // px
let drag = null;

const lists = () => document.querySelectorAll("[data-ranking]");
const items = list => [...list.children];
const field = item => item.querySelector("select");
const rank = item => Number(field(item).value);
const give = (item, place) => { field(item).value = place || ""; };
const isLevel = list => list.dataset.ranking === "level";
const ranked = list => items(list).filter(rank);
const others = (list, item) => ranked(list).filter(one => one !== item);
const shares = (list, item) => isLevel(list) && others(list, item).some(one => rank(one) === rank(item));
const last = list => Math.max(0, ...items(list).map(rank));

// Close gaps between ranks; ties stay.
function close(list) {
  const used = [...new Set(ranked(list).map(rank))].sort((a, b) => a - b);
  for (const item of ranked(list)) give(item, used.indexOf(rank(item)) + 1);
}
function makeRoom(list, item, place) {
  for (const one of others(list, item)) if (rank(one) >= place) give(one, rank(one) + 1);
}
// Sort the list and keep the focus.
function sort(list) {
  const focus = document.activeElement, key = item => rank(item) || Infinity;
  const wanted = items(list).sort((a, b) => key(a) - key(b) || a.dataset.option - b.dataset.option);
  if (wanted.some((item, at) => list.children[at] !== item)) list.append(...wanted);
  if (list.contains(focus)) focus.focus();
  for (const item of items(list)) {
    const [up, down] = item.querySelectorAll("[data-move]"), place = rank(item);
    up.disabled = place === 1 && !shares(list, item);
    down.disabled = place === 0;
  }
}
function say(list, item) {
  const status = list.parentElement.querySelector("[data-status]");
  const [place] = field(item).selectedOptions;
  status.textContent = `${item.querySelector("label").textContent}: ${place.ariaLabel ?? place.textContent}`;
}
function done(list, item) {
  close(list);
  sort(list);
  say(list, item);
}

function up(list, item) {
  const place = rank(item);
  if (!place) give(item, last(list) + 1);
  else if (shares(list, item)) makeRoom(list, item, place);
  else swap(list, item, place - 1);
}
function down(list, item) {
  const place = rank(item);
  if (shares(list, item)) {
    makeRoom(list, item, place + 1);
    give(item, place + 1);
  } else if (place === last(list)) give(item, 0);
  else swap(list, item, place + 1);
}
function swap(list, item, place) {
  for (const other of others(list, item)) if (rank(other) === place) give(other, rank(item));
  give(item, place);
}

// A dropped option gets a rank if it is first or follows a ranked one, otherwise none.
function drop(list, item) {
  const before = item.previousElementSibling, after = item.nextElementSibling;
  const above = before ? rank(before) : 0, below = after ? rank(after) : 0;
  give(item, 0);
  if (!before || above) {
    const joins = isLevel(list) && above && above === below;
    const place = joins ? above : above + 1;
    if (!joins) makeRoom(list, item, place);
    give(item, place);
  }
  done(list, item);
}

document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-ranking] [data-move]");
  if (!button) return;
  const item = button.closest("li"), list = item.parentElement;
  close(list);
  (button.dataset.move === "up" ? up : down)(list, item);
  done(list, item);
  (button.disabled ? item.querySelector("[data-move]:not(:disabled)") : button)?.focus();
});
// If the chosen rank is taken, move its option down, and those after it up to the next gap. Other gaps stay, because someone may fill them next.
document.addEventListener("change", ({target}) => {
  const item = target.closest?.("[data-ranking] li"), list = item?.parentElement;
  if (!item || target !== field(item)) return;
  if (!isLevel(list)) for (let place = rank(item), from = item, next; place; place += 1, from = next) {
    next = others(list, item).find(one => one !== from && rank(one) === place);
    if (!next) break;
    give(next, place + 1);
    if (rank(next)) continue;   // that rank exists
    close(list);
    give(next, last(list) + 1);
    break;
  }
  sort(list);
  say(list, item);
});

document.addEventListener("pointerdown", event => {
  const item = event.target.closest?.("[data-ranking] li");
  if (!item || event.button) return;
  const grip = event.target.closest(".grip");
  if (!grip && (event.pointerType !== "mouse" || event.target.closest("select, button, label"))) return;
  event.preventDefault();   // don't select text
  drag = {item, list: item.parentElement, id: event.pointerId, x: event.clientX, y: event.clientY, on: false};
});
document.addEventListener("pointermove", event => {
  if (event.pointerId !== drag?.id) return;
  const {clientX: x, clientY: y} = event, {item, list} = drag;
  if (!drag.on && Math.hypot(x - drag.x, y - drag.y) < FAR) return;
  if (!drag.on) close(list);
  drag.on = true;
  item.classList.add("dragged");
  if (y < EDGE) scrollBy(0, -STEP);
  else if (y > innerHeight - EDGE) scrollBy(0, STEP);
  const next = items(list).find(one => {
    const box = one.getBoundingClientRect();
    return one !== item && y < box.top + box.height / 2;
  });
  if ((next ?? null) !== item.nextElementSibling) list.insertBefore(item, next ?? null);
});
function end(drops) {
  const {item, list, on} = drag;
  drag = null;
  item.classList.remove("dragged");
  if (on && drops) drop(list, item);
  else if (on) sort(list);
}
document.addEventListener("pointerup", ({pointerId}) => pointerId === drag?.id && end(true));
document.addEventListener("pointercancel", ({pointerId}) => pointerId === drag?.id && end(false));
document.addEventListener("keydown", ({key}) => key === "Escape" && drag && end(false));

function ready() {
  for (const list of lists()) {
    if (list.classList.contains("sortable")) continue;
    list.classList.add("sortable");
    for (const moves of list.querySelectorAll(".moves")) moves.hidden = false;
    sort(list);
  }
}
document.addEventListener("htmx:after:swap", ready);
ready();
