// Scan tickets by camera, if the browser supports it. The code is put into its field and sent like a typed one.
const camera = document.getElementById("camera");
const field = () => document.getElementById("code");
const CODE = /^[0-9A-Z]{4}-?[0-9A-Z]{4}$/i;
const EVERY = 200;     // ms between two looks
const AGAIN = 3000;    // ms for which the same ticket must be out of sight before it's read again

// The phone's camera app opens this page with the code after #, which browsers don't send.
const given = location.hash.slice(1);
if (CODE.test(given) && field()) {
  field().value = given;
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("#code-form button").focus();
}

if (camera && "BarcodeDetector" in window && navigator.mediaDevices) {
  const [video, button, refusal] = ["video", "button", ".err"].map(part => camera.querySelector(part));
  const words = button.querySelector("span");
  const eye = new BarcodeDetector({formats: ["qr_code"]});
  let stream = null, last = "", seenAt = 0;
  const text = code => code.rawValue.split("#").pop();

  function show(on) {
    video.hidden = !on;
    button.setAttribute("aria-pressed", String(on));
    words.textContent = on ? button.dataset.on : button.dataset.off;
  }
  function stop() {
    stream?.getTracks().forEach(track => track.stop());
    stream = video.srcObject = null;
    show(false);
  }
  async function look() {
    if (!stream) return;
    const [found] = await eye.detect(video).catch(() => []);
    if (found) {
      const code = text(found);
      if (code !== last || performance.now() - seenAt > AGAIN) take(code);
      last = code;
      seenAt = performance.now();
    }
    setTimeout(look, EVERY);
  }
  function take(code) {
    field().value = code;
    field().form.requestSubmit();
    navigator.vibrate?.(60);
  }
  button.addEventListener("click", async () => {
    if (stream) return stop();
    refusal.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: "environment"}});
    } catch {
      refusal.textContent = button.dataset.denied;
      refusal.hidden = false;
      return;
    }
    video.srcObject = stream;
    show(true);
    video.play().catch(() => {});   // nothing is found until the first frame
    look();
  });
  // Keep the phone's keyboard closed while the camera is on.
  document.addEventListener("htmx:after:settle", () => stream && field()?.blur());
  addEventListener("pagehide", stop);
  camera.hidden = false;
}
