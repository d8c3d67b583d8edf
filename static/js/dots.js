// Spreading dots: buttons add and remove dots, and a line says how many are left. The fields are what is sent.
const boxes = () => document.querySelectorAll("[data-dots]");
const fields = box => [...box.querySelectorAll("input[inputmode=numeric]")];
// Digits of every script, as the server reads them: Unicode has each script's ten in a row, from 0 to 9.
const isDigit = code => /\p{Nd}/u.test(String.fromCodePoint(code));
function digit(sign) {
  const code = sign.codePointAt(0);
  let zero = code;
  while (isDigit(zero - 1)) zero--;
  return (code - zero) % 10;
}
const number = field => Number(field.value.replace(/[\p{Cf}\s]/gu, "").replace(/\p{Nd}/gu, digit)) || 0;

function count(box) {
  const all = Number(box.dataset.dots), used = fields(box).reduce((sum, field) => sum + Math.max(0, number(field)), 0);
  const line = box.querySelector("[data-left]"), left = all - used;
  const words = left > 0 ? line.dataset.some : left < 0 ? line.dataset.over : line.dataset.none;
  line.textContent = words.replace("{left}", left).replace("{all}", all).replace("{over}", -left);
  line.classList.toggle("over", left < 0);
  for (const field of fields(box)) {
    const [less, more] = field.parentElement.querySelectorAll("[data-step]");
    less.disabled = number(field) <= 0;
    more.disabled = left <= 0 || number(field) >= Number(field.dataset.most);
  }
}
document.addEventListener("input", ({target}) => {
  const box = target.closest?.("[data-dots]");
  if (box) count(box);
});
document.addEventListener("click", event => {
  const button = event.target.closest?.("[data-dots] [data-step]");
  if (!button) return;
  const field = button.parentElement.querySelector("input"), other = button.parentElement.querySelectorAll("[data-step]");
  field.value = Math.max(0, number(field) + Number(button.dataset.step)) || "";
  count(button.closest("[data-dots]"));
  if (button.disabled) ([...other].find(one => !one.disabled) ?? field).focus();
});

function ready() {
  for (const box of boxes()) {
    for (const one of box.querySelectorAll("[data-step], [data-left]")) one.hidden = false;
    count(box);
  }
}
document.addEventListener("htmx:after:swap", ready);
ready();
