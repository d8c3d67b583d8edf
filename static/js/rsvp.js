// The button of the answer says what will happen with what is chosen now.
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

// While the card is on the screen, the bar that leads to it is not. A swap may have brought another card.
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
