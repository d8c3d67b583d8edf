// The form of an event: what follows from what was entered.
const form = document.querySelector(".when")?.closest("form");
const {is_all_day: box, starts, ends, first_day, last_day, zone} = form?.elements ?? {};

// Those who turn hours into days find the days filled in.
box?.addEventListener("change", () => {
  if (!box.checked || !starts.value) return;
  first_day.value = starts.value.slice(0, 10);
  last_day.value = ends.value.slice(0, 10) || first_day.value;
});

// The end follows the start: two hours later, or as long after as before. An end that was entered
// first stays.
const hour = 3_600_000;
const length = () => {
  const time = ends.valueAsNumber - starts.valueAsNumber;
  return time > 0 && time < 60 * 24 * hour ? time : null;
};
let kept = ends?.value ? length() : 2 * hour;
starts?.addEventListener("change", () => {
  if (kept && starts.value) ends.valueAsNumber = starts.valueAsNumber + kept;
  else kept = length();
});
ends?.addEventListener("change", () => { kept = ends.value ? length() : 2 * hour; });

// A closed fold says the value that it has now.
zone?.addEventListener("change", () => {
  form.querySelector("[data-says=zone]").textContent = zone.selectedOptions[0].text;
});
form?.querySelector(".fold small")?.closest(".fold").addEventListener("change", event => {
  event.currentTarget.querySelector("small")?.remove();
});
