// The arrow keys lead to the pictures beside this one, where nothing on the page has use for them.
const backwards = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
const onwards = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rel = {[backwards]: "prev", [onwards]: "next"}[event.key];
  if (rel) document.querySelector(`main a[rel=${rel}]`)?.click();
});
