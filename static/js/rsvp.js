// The button below the answer says what the current choice will do.
function speak() {
  const form = document.getElementById("rsvp-form");
  const button = form?.querySelector("[data-says]");
  if (!button) return;
  const {answer, party, split, ticket} = form.elements;
  const says = JSON.parse(button.dataset.says);
  const going = `${answer.value}-${party.value}`;
  const words = says[`${going}-${ticket?.value}`] ?? (split?.checked ? says[`${going}-split`] : undefined) ?? says[going] ?? says[answer.value];
  if (words && button.textContent !== words) button.textContent = words;
}
document.addEventListener("change", ({target}) => target.form?.id === "rsvp-form" && speak());
document.addEventListener("htmx:after:swap", speak);
speak();

// Hide the bar that leads to the card while the card is visible. A swap may have replaced the card.
let watched = null;
const sight = new IntersectionObserver(entries => {
  document.querySelector("main")?.toggleAttribute("data-card-in-sight", entries.at(-1).isIntersecting);
}, {rootMargin: "-15% 0px -35%"});
function watch() {
  const card = document.getElementById("rsvp");
  if (card === watched) return;
  sight.disconnect();
  watched = card;
  if (card) sight.observe(card);
}
document.addEventListener("htmx:after:swap", watch);
watch();
