// The projector mode: a lab alone on the screen, in large type and high contrast, and
// without the notebook's code. One button turns it on and off; Escape turns it off, too.

// The screen for which labs.css arranges a lab in this mode; on a larger one it grows.
const SCREEN = { width: 1280, height: 720 };

function render({ el }) {
  const button = addButton(el, "jupyter-widgets jupyter-button", _("Present"), press);
  button.title = _("Projector mode: the lab alone, large, without code; Escape ends it");
  button.ariaPressed = false;
  const lab = () => el.closest(".stylelab");
  const isAlone = () => !!lab() && document.fullscreenElement === lab();
  let wasAlone = false;

  function press() {
    const on = button.ariaPressed !== "true";
    project(on);
    // VS Code, for one, forbids it: then the lab is projected where it stands.
    if (on) lab().requestFullscreen?.().catch(() => {});
    else if (isAlone()) document.exitFullscreen();
  }

  function project(on) {
    lab().classList.toggle("sl-projector", on);
    button.ariaPressed = on;
    const some = !!document.querySelector(".sl-projector");
    document.body.classList.toggle("sl-projecting", some);
  }

  function show() {
    if (!lab()) return;
    const { width, height } = SCREEN;
    const fits = Math.min(innerWidth / width, innerHeight / height);
    lab().style.zoom = isAlone() ? Math.max(1, fits) : "";
    if (wasAlone && !isAlone()) {
      project(false);
      lab().scrollIntoView({ block: "nearest" }); // the code above has come back
    }
    wasAlone = isAlone();
  }

  document.addEventListener("fullscreenchange", show);
  window.addEventListener("resize", show);
  return () => {
    document.removeEventListener("fullscreenchange", show);
    window.removeEventListener("resize", show);
    if (button.ariaPressed === "true") document.body.classList.remove("sl-projecting");
  };
}

export default { render };
