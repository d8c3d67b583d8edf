// Writes out the date chosen in a field in the site’s format: browsers show it in their own order and clock.
const write = options => new Intl.DateTimeFormat(document.documentElement.lang, {timeZone: "UTC", ...options});
function day(at) {
  const parts = write({weekday: "long", day: "numeric", month: "long", year: "numeric"}).formatToParts(at);
  return ["weekday", "day", "month", "year"].map(name => parts.find(({type}) => type === name).value).join(" ");
}
function time(at, is24) {
  return write({hour: is24 ? "2-digit" : "numeric", minute: "2-digit", hourCycle: is24 ? "h23" : "h12"}).format(at);
}
function show(output) {
  const field = document.getElementById(output.htmlFor.value), at = field.valueAsNumber;
  output.value = "";
  if (Number.isNaN(at)) return;
  const is24 = output.dataset.clock.startsWith("18");
  output.value = day(at) + (field.type === "date" ? "" : `, ${time(at, is24)}`);
}
const showAll = () => document.querySelectorAll("output[data-clock]").forEach(show);
document.addEventListener("change", showAll);
document.addEventListener("htmx:after:swap", showAll);
addEventListener("pageshow", showAll); // by then the browser has filled the form in again
showAll();
