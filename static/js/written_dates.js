// Writes out the dates chosen in fields in the site’s format: browsers show them in their own order and clock.
const DAY = 86_400_000;
const write = options => new Intl.DateTimeFormat(document.documentElement.lang, {timeZone: "UTC", ...options});
function day(at, length) {
  const parts = write({weekday: length, day: "numeric", month: length, year: "numeric"}).formatToParts(at);
  return ["weekday", "day", "month", "year"].map(name => parts.find(({type}) => type === name).value).join(" ");
}
function show(output) {
  const [first, last] = [...output.htmlFor].map(id => document.getElementById(id));
  const start = first.valueAsNumber, end = last?.valueAsNumber;
  const is24 = output.dataset.clock.startsWith("18"), hasTime = first.type !== "date";
  const time = at => write({hour: is24 ? "2-digit" : "numeric", minute: "2-digit", hourCycle: is24 ? "h23" : "h12"}).format(at);
  const isLong = Math.floor(end / DAY) > Math.floor(start / DAY);
  const whole = at => day(at, isLong ? "short" : "long") + (hasTime ? `, ${time(at)}` : "");
  output.value = !start ? "" : isLong ? `${whole(start)} – ${whole(end)}` : whole(start) + (hasTime && end > start ? `–${time(end)}` : "");
}
const showAll = () => document.querySelectorAll("output[data-clock]").forEach(show);
document.addEventListener("change", showAll);
document.addEventListener("htmx:after:swap", showAll);
showAll();
