// A page that is for paper has a button for it, hidden until there is a script to work it.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
