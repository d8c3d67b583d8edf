// What people do comes before what a page loads by itself: while a button is held down, something is dragged or a form
// is being sent, such requests wait, and what they had loaded before is loaded again.
const LONGEST = 15000;   // ms, as in htmx's defaultTimeout
const doing = new Set();   // requests, pointers and keys
let begun = 0, over, finish;

function begin(what) {
  begun++;
  if (!doing.size) over = new Promise(resolve => { finish = resolve; });
  doing.add(what);
}
const end = what => { if (doing.delete(what) && !doing.size) finish(); };
const PRESSED = "a, button, summary, [type=checkbox], [type=radio]";

addEventListener("pointerdown", ({button, pointerId}) => { if (!button) begin(pointerId); }, true);
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, ({pointerId}) => end(pointerId), true);
addEventListener("pointermove", ({buttons, pointerId}) => { if (!buttons) end(pointerId); }, true);   // its end was missed, as over an open menu
addEventListener("keydown", ({key, target}) => { if ([" ", "Enter"].includes(key) && target.matches?.(PRESSED)) begin(key); }, true);
addEventListener("keyup", ({key}) => end(key), true);
addEventListener("blur", () => { for (const what of doing) if (typeof what !== "object") end(what); });

const refused = new Set();   // ids of parts that show a form as it was sent, with its errors

// The part of the page that an answer is for: another answer may have replaced the element.
const inPlace = part => part?.id && !part.isConnected ? document.getElementById(part.id) ?? part : part;

// What to load now: an answer may have replaced the element by one that asks for what is newer still.
function addressNow(element, url) {
  const now = inPlace(element);
  return now !== element && now.getAttribute("hx-get") || url;
}

// Whether the answer would take away what someone has typed into this part of the page.
function takesText(part, html) {
  const fields = [...part.querySelectorAll("textarea, input:not([type]), [type=text]")];
  const texts = fields.filter(field => field.value !== field.defaultValue);
  return refused.has(part.id) || texts.some(field => !html.includes(`id="${field.id}"`));
}

document.addEventListener("htmx:before:request", ({detail: {ctx}}) => {
  if (ctx.sourceEvent?.isTrusted !== false) return begin(ctx);
  ctx.fetch = async (url, request) => {
    for (;;) {
      clearTimeout(ctx.requestTimeout);   // waiting doesn't count
      while (doing.size) await over;
      ctx.requestTimeout = setTimeout(() => request.abort("timeout"), LONGEST);
      const before = begun, address = addressNow(ctx.sourceElement, url);
      const response = await fetch(address, request);
      const html = await response.clone().text();
      if (before !== begun || address !== addressNow(ctx.sourceElement, url)) continue;
      return takesText(inPlace(ctx.target), html) ? new Response(null, {status: 204}) : response;
    }
  };
});
document.addEventListener("htmx:finally:request", ({detail: {ctx}}) => end(ctx));

document.addEventListener("htmx:after:request", ({detail: {ctx}}) => {
  ctx.target = inPlace(ctx.target);
  if (ctx.request.method.toUpperCase() !== "POST" || !ctx.target?.id) return;
  if (ctx.response?.status === 422) refused.add(ctx.target.id);
  else if (ctx.response?.status < 400) refused.delete(ctx.target.id);
});
