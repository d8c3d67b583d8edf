// One stream per browser: the visible tab that holds the lock opens it, the others get its signals over a channel.
// A page also gets the signals since it was requested: the stream's URL says how old the page is.
const {live = "", livePoll = 20000, liveRest = 15000} = document.body.dataset;
const topics = live.split(" ").filter(Boolean);
const SLOW = 2000;   // ms; if opening takes longer, signals may have been missed; the server allows another second
const LEFT = 4000;   // ms between checks for closed pages, so that people who have left aren't shown as online
const SPREAD = 2000;   // ms over which browsers spread their requests after a signal to all of them
const channel = new BroadcastChannel("live");
const [{type} = {}] = performance.getEntriesByType("navigation");
let missed = type === "back_forward";   // the page may be an older copy
let sent = false;   // a form has been sent, and its response will say what happened, such as a sign-out
addEventListener("submit", event => { sent = !event.defaultPrevented; });
let fresh = 0, stay = null, requestedAt, rest;

const tell = name => document.hidden ? missed = true : document.body.dispatchEvent(new CustomEvent(name));
const say = what => { channel.postMessage(what); hear(what); };
const jittered = ms => ms * (0.75 + Math.random() / 2);
function hear(what) {
  if (what === "signed-out" && !sent) location.replace(location.pathname + location.search);   // not reload(), which could send a form again
  else if (what === "*") setTimeout(tell, Math.random() * SPREAD, "live");
  else if (topics.some(topic => what === topic || what.startsWith(topic + ":"))) tell(what);
}
function refresh() {
  fresh = performance.now();
  missed = false;
  tell("live");
}
const age = () => performance.now() - fresh;
const over = signal => new Promise(done => signal.addEventListener("abort", done));
const hold = (name, mode, {signal}, work = () => over(signal)) =>
  navigator.locks.request(name, {mode, signal}, work).catch(error => { if (!signal.aborted) throw error; });

async function wanted() {
  const {held} = await navigator.locks.query();
  const names = held.map(lock => lock.name).filter(name => name.startsWith("live/"));
  return [...new Set(names.map(name => name.slice(5)))].sort();
}
async function lead() {
  const {signal} = stay;
  let current, next, timer, heard = [];
  let since = Infinity;   // the earliest time from which a page may have missed signals
  let failed = performance.now() - requestedAt > 500 ? 1 : 0;   // taken over from another tab: signals may have been missed
  async function open(age = 0) {
    since = Math.min(since, performance.now() - age);
    clearTimeout(timer);
    const names = heard = await wanted();
    if (signal.aborted) return;
    next?.close();
    const began = performance.now();
    const query = [...names.map(name => ["t", name]), ["age", Math.ceil(began - since)]];
    const source = next = new EventSource("/live?" + new URLSearchParams(query));
    source.onopen = () => {
      if (source === next) { current?.close(); current = source; next = null; since = Infinity; }
      if (failed || performance.now() - began > SLOW) say("*");
      failed = 0;
    };
    source.onmessage = ({data}) => say(data);
    source.onerror = () => {
      failed++;                                   // a lost connection reconnects by itself; a response such as 503 doesn't
      if (source.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(() => { say("*"); open(); }, jittered(livePoll * Math.min(failed, 6)));
    };
  }
  channel.addEventListener("message", ({data}) => { if (data.age !== undefined) open(data.age); }, {signal});
  await open(age());
  const round = setInterval(async () => { if (current && !next && (await wanted()).length < heard.length) open(); }, LEFT);
  await over(signal);
  clearInterval(round);
  clearTimeout(timer);
  current?.close();
  next?.close();
}
function join() {
  clearTimeout(rest);
  if (missed) refresh();
  if (stay || !topics.length) return;
  stay = new AbortController();
  requestedAt = performance.now();
  for (const topic of topics) hold("live/" + topic, "shared", stay);
  hold("live", "exclusive", stay, lead);
  navigator.locks.query().then(() => channel.postMessage({age: age()}));
}
function part() { stay?.abort(); stay = null; missed = true; }
function poll() {
  if (missed || !document.hidden) refresh();
  setTimeout(poll, jittered(livePoll));
}

channel.addEventListener("message", ({data}) => typeof data === "string" && hear(data));
if (navigator.locks) {
  document.addEventListener("visibilitychange", () => document.hidden ? rest = setTimeout(part, liveRest) : join());
  addEventListener("pagehide", part);
  addEventListener("pageshow", ({persisted}) => persisted && join());
  if (!document.hidden) join();
} else setTimeout(poll, jittered(livePoll));   // there are no locks over plain http, except on localhost
