// Until someone types a handle, derive it from the names: <input data-handle-of="first_name last_name">.
const field = document.querySelector("[data-handle-of]");
const names = field.dataset.handleOf.split(" ").map(id => document.getElementById(id));
const LETTERS = {ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l", þ: "th", ð: "d", ı: "i"};
let own = field.value !== "";

const slug = text => text.toLowerCase()
  .replace(/[ßæœøđłþðı]/g, letter => LETTERS[letter])
  .normalize("NFKD").replace(/\p{M}/gu, "")
  .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");

field.addEventListener("input", () => { own = field.value !== ""; });
for (const name of names) name.addEventListener("input", () => {
  if (!own) field.value = slug(names.map(input => input.value).join(" ")).slice(0, 24).replace(/-+$/, "");
});
