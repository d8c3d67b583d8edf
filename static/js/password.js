// For pages where a password is chosen: mark the rules that it meets. The server has the final say.
// <input data-password-for="rules-id"> beside <ul id="rules-id" data-password-rules data-met="met"> <li data-rule="length">…
const RULES = {
  length: text => [...text].length >= 8,
  long: text => [...text].length >= 16,
  upper: text => /\p{Lu}/u.test(text),
  lower: text => /\p{Ll}/u.test(text),
  digit: text => /\p{Nd}/u.test(text),
  special: text => /[^\p{L}\p{N}\s]/u.test(text),
};

document.addEventListener("input", ({target}) => {
  const list = target.dataset.passwordFor && document.getElementById(target.dataset.passwordFor);
  if (!list) return;
  for (const item of list.querySelectorAll("[data-rule]")) {
    const met = RULES[item.dataset.rule]?.(target.value) ?? false;
    item.classList.toggle("met", met);
    const result = item.querySelector("[data-result]");
    if (result) result.textContent = met ? list.dataset.met : "";
  }
});
