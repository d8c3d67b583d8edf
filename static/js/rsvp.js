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
