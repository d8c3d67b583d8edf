// The settings page: preview the appearance, and offer the browser's time zone. Only the button saves.
const root = document.documentElement;
const shown = {theme: ["theme", ""], accent: ["accent", "meadow"], text_size: ["text", "normal"]};

document.addEventListener("change", ({target: {name, value}}) => {
  const [attribute, usual] = shown[name] ?? [];
  if (!attribute) return;
  if (value === usual) delete root.dataset[attribute];
  else root.dataset[attribute] = value;
});

const offer = document.querySelector("[data-zone-offer]");
const field = offer && document.getElementById(offer.dataset.zoneOffer);
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (field && zone !== field.value && [...field.options].some(option => option.value === zone)) {
  offer.querySelector("[data-zone]").textContent = zone.split("/").at(-1).replaceAll("_", " ");
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    field.value = zone;
    offer.hidden = true;
    field.focus();
  });
}
