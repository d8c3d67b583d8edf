// The button of the answer says what will happen with what is chosen now.
function speak() {
  const form = document.getElementById("rsvp-form");
  const button = form?.querySelector("[data-says]");
  if (!button) return;
  const {answer, party} = form.elements;
  const says = JSON.parse(button.dataset.says);
  const words = says[`${answer.value}-${party.value}`] ?? says[answer.value];
  if (words && button.textContent !== words) button.textContent = words;
}
document.addEventListener("change", ({target}) => target.form?.id === "rsvp-form" && speak());
document.addEventListener("htmx:after:swap", speak);
speak();
