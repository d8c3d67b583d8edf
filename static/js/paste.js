// Add pictures that are pasted or dropped into a text to the form's field for pictures.
const pictures = data => [...(data?.files ?? [])].filter(file => file.type.startsWith("image/"));
const field = target => target.matches?.("textarea[data-draft]") && target.form?.querySelector('input[type="file"][name="pictures"]');

function take(event, data) {
  const input = field(event.target), found = pictures(data);
  if (!input || !found.length) return;
  event.preventDefault();
  const all = new DataTransfer();
  for (const file of [...input.files, ...found]) all.items.add(file);
  input.files = all.files;
  input.dispatchEvent(new Event("change", {bubbles: true}));
}
document.addEventListener("paste", event => take(event, event.clipboardData));
document.addEventListener("drop", event => take(event, event.dataTransfer));
