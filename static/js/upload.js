// Upload files in batches, with a progress bar. Without this script the form sends all of them in one request.
const form = document.querySelector("form[data-upload]");
const input = form.elements.files;
const refused = document.getElementById("refused");
const texts = form.dataset;

// Return batches, each within the number and the size of files that one request may have.
function turns(files) {
  const found = [[]];
  let size = 0;
  for (const file of files) {
    if (found.at(-1).length && (found.at(-1).length >= texts.atOnce || size + file.size > texts.together)) {
      found.push([]);
      size = 0;
    }
    found.at(-1).push(file);
    size += file.size;
  }
  return found.filter((turn) => turn.length);
}

function refuse(name, sentence) {
  const line = document.createElement("li");
  const strong = document.createElement("b");
  strong.dir = "auto";
  strong.textContent = name;
  line.append(strong, `: ${sentence}`);
  refused.querySelector("ul").append(line);
  refused.hidden = false;
}

function send(files, progress) {
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  for (const file of files) body.append("files", file);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("HX-Target", "div#refused");
    request.upload.onprogress = ({loaded}) => progress(loaded);
    request.onload = () => resolve(request);
    request.onerror = () => resolve(null);
    request.send(body);
  });
}

// List the files of a batch that the response refuses. A response without any has saved them all.
function read(answer, files) {
  if (answer && answer.status < 300) return;
  const page = new DOMParser().parseFromString(answer?.responseText ?? "", "text/html");
  const lines = [...page.querySelectorAll("#refused [data-refused]")];
  for (const line of lines) refuse(line.querySelector("b").textContent, line.textContent.slice(line.querySelector("b").textContent.length + 2));
  const sentence = page.querySelector("main h1 + p")?.textContent ?? texts.lost;
  if (!lines.length) for (const file of files) refuse(file.name, answer?.status === 429 ? sentence : texts.lost);
}

form.addEventListener("submit", async (event) => {
  const files = [...input.files];
  if (!files.length) return;
  event.preventDefault();
  refused.querySelector("ul").replaceChildren();
  refused.hidden = true;
  const button = form.querySelector("button[type=submit]");
  const bar = form.querySelector("progress"), percent = form.querySelector("[data-percent]");
  form.querySelector("[data-progress]").hidden = false;
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  const fit = files.filter((file) => file.size <= texts.most);
  for (const file of files) if (file.size > texts.most) refuse(file.name, texts.tooLarge);
  const whole = fit.reduce((sum, file) => sum + file.size, 0) || 1;
  let before = 0;
  for (const turn of turns(fit)) {
    const show = (loaded) => {
      bar.value = Math.min(1, (before + loaded) / whole);
      percent.value = `${Math.round(bar.value * 100)} %`;
    };
    let answer = await send(turn, show);
    if (answer?.status === 429) {   // over the limit per minute
      await new Promise((resolve) => setTimeout(resolve, 1000 * answer.getResponseHeader("Retry-After")));
      answer = await send(turn, show);
    }
    const elsewhere = answer?.getResponseHeader("HX-Redirect");   // to the sign-in page: nothing was saved
    if (elsewhere) return void (location = elsewhere);
    read(answer, turn);
    before += turn.reduce((sum, file) => sum + file.size, 0);
    show(0);
  }
  button.removeAttribute("aria-busy");
  button.disabled = false;
  form.querySelector("[data-progress]").hidden = true;
  input.value = "";
  if (refused.hidden) location = texts.done;
  else refused.scrollIntoView({block: "center"});
});
