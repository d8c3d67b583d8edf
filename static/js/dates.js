// Planning a date poll: rows for more dates come one by one, as they are wanted.
const button = document.querySelector("[data-more]");
const next = () => document.querySelector(`#${button.dataset.more} .later`);
button.hidden = !next();
button.addEventListener("click", () => {
  const row = next();
  row.classList.remove("later");
  row.querySelector("input").focus();
  button.hidden = !next();
});
