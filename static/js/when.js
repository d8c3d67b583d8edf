// Whoever turns hours into days finds the days filled in: those on which the hours are.
const {is_all_day: box, starts, ends, first_day, last_day} = document.querySelector(".when")?.closest("form").elements ?? {};
box?.addEventListener("change", () => {
  if (!box.checked || !starts.value) return;
  first_day.value = starts.value.slice(0, 10);
  last_day.value = ends.value.slice(0, 10) || first_day.value;
});
