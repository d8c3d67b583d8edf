// What is chosen in date fields, as the site writes it: browsers show it in their own order and on their own clock.
const DAY = 86_400_000;
const write = options => new Intl.DateTimeFormat(document.documentElement.lang, {timeZone: "UTC", ...options});
function day(at, length) {
  const parts = write({weekday: length, day: "numeric", month: length, year: "numeric"}).formatToParts(at);
  return ["weekday", "day", "month", "year"].map(name => parts.find(({type}) => type === name).value).join(" ");
}
function say(said) {
  const [first, last] = [...said.htmlFor].map(id => document.getElementById(id));
  const start = first.valueAsNumber, end = last?.valueAsNumber;
  const is24 = said.dataset.clock.startsWith("18"), hasTime = first.type !== "date";
  const time = at => write({hour: is24 ? "2-digit" : "numeric", minute: "2-digit", hourCycle: is24 ? "h23" : "h12"}).format(at);
  const isLong = Math.floor(end / DAY) > Math.floor(start / DAY);
  const whole = at => day(at, isLong ? "short" : "long") + (hasTime ? `, ${time(at)}` : "");
  said.value = !start ? "" : isLong ? `${whole(start)} – ${whole(end)}` : whole(start) + (hasTime && end > start ? `–${time(end)}` : "");
}
const sayAll = () => document.querySelectorAll("output[data-clock]").forEach(say);
document.addEventListener("change", sayAll);
document.addEventListener("htmx:after:swap", sayAll);
sayAll();
