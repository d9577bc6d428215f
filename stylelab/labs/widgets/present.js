// A button that shows its lab on the whole screen, in large type and without code.

// Pixels that a lab takes: what JupyterLab leaves it on a screen of 1366 x 768.
const ROOM = { width: 860, height: 640 };

function render({ el }) {
  const button = addButton(el, "jupyter-widgets jupyter-button", _("Present"), press);
  button.title = _("The lab alone on the whole screen, in large type; Escape ends it");
  el.hidden = !document.fullscreenEnabled; // VS Code, for one, forbids it
  const lab = () => el.closest(".stylelab");

  function press() {
    if (document.fullscreenElement) document.exitFullscreen();
    else lab().requestFullscreen();
  }

  function show() {
    if (!lab()) return;
    const isAlone = document.fullscreenElement === lab();
    const fits = Math.min(innerWidth / ROOM.width, innerHeight / ROOM.height);
    lab().style.zoom = isAlone ? Math.max(1, fits) : "";
    button.ariaPressed = isAlone;
  }

  button.ariaPressed = false;
  document.addEventListener("fullscreenchange", show);
  window.addEventListener("resize", show);
  return () => {
    document.removeEventListener("fullscreenchange", show);
    window.removeEventListener("resize", show);
  };
}

export default { render };
