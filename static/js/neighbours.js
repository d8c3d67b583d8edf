// The arrow keys lead to the next and the previous picture, except in fields.
const backwards = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
const onwards = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rel = {[backwards]: "prev", [onwards]: "next"}[event.key];
  if (rel) document.querySelector(`main a[rel=${rel}]`)?.click();
});
