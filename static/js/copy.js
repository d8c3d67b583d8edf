// Copy a link or a key with one press. The button is hidden in the HTML, because it needs this script.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
    } catch {
      document.execCommand("copy");   // without https
    }
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 3000);
  });
}
