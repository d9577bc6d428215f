// What the theme leaves unnamed for those who listen to a page.
document.addEventListener("DOMContentLoaded", () => {
  const logo = document.querySelector(".bd-sidebar-primary .logo");
  logo?.parentElement.setAttribute("role", "banner");
  for (const arrow of document.querySelectorAll(".bd-sidebar-primary summary")) {
    arrow.setAttribute("aria-label", "The pages below");
  }
  for (const box of document.querySelectorAll(".task-list-item-checkbox")) {
    box.setAttribute("aria-label", "Done");
  }
});
