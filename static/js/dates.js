// Planning a vote on dates: show rows for more dates one by one.
document.addEventListener("click", event => {
  const button = event.target.closest("[data-more]");
  const later = button ? document.querySelectorAll(`#${button.dataset.more} .later`) : [];
  if (!later.length) return;
  later[0].classList.remove("later");
  later[0].querySelector("input").focus();
  button.hidden = later.length === 1;
});
