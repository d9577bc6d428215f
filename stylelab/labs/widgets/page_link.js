// What a page with labs needs beside their style sheet, and what their kernel asks of it.

// Else JupyterLab takes keys for its shortcuts: "d d" on a button deletes the cell.
function keepKeys({ target }) {
  if (target.closest(".stylelab")) target.dataset.lmSuppressShortcuts = "true";
}

// ipywidgets' sliders have no name, and tell screen readers an exponent as their value.
function nameSliders() {
  for (const handle of document.querySelectorAll(".stylelab .noUi-handle")) {
    const slider = handle.closest(".jupyter-widgets");
    const text = (part) => slider.querySelector(part)?.textContent ?? "";
    const names = {
      "aria-label": text(".widget-label"),
      "aria-valuetext": text(".widget-readout"),
    };
    const old = Object.keys(names).map((name) => handle.getAttribute(name));
    if (`${old}` !== `${Object.values(names)}`) setAttributes(handle, names);
  }
}

// "The same in a cell", into the clipboard.
function copyCode({ target }) {
  const button = target.closest(".stylelab .sl-copy");
  if (!button) return;
  const code = button.parentElement.querySelector("pre");
  getSelection().selectAllChildren(code); // where the browser forbids the next line
  const copied = () => (button.textContent = _("Copied"));
  navigator.clipboard?.writeText(code.textContent).then(copied, () => {});
}

// After a restart the kernel knows nothing of the lab: nothing in it can work again.
function sayRestarted(lab) {
  if (!lab?.matches(".jupyter-widgets-disconnected:not(:has(> .sl-restarted))")) return;
  for (const child of lab.children) child.inert = true;
  const words = _("The kernel was restarted: run this cell again (Shift+Enter).");
  const note = add(lab, "p", "sl-alert sl-restarted", words);
  note.role = "alert";
  lab.prepend(note);
}

function render({ model, el }) {
  const observer = new MutationObserver(nameSliders);
  const attributeFilter = ["aria-valuetext"];
  observer.observe(document, { subtree: true, childList: true, attributeFilter });
  // While the lab is here, its still picture is not needed.
  const still = `.${model.get("still")}`;
  const rule = `${still}, .jp-OutputArea-child:has(${still}) { display: none; }`;
  if (model.get("still")) add(el, "style", "", rule);

  function answer(here) {
    try {
      model.send({ here });
    } catch {
      // the notebook was closed: the kernel hears that nobody answers
    }
  }
  const here = () => answer(true);
  const leave = () => answer(false);
  model.on("msg:custom", here);
  here();
  // The views get their class for this after their models have told.
  const sayIt = () => model.get("still") && sayRestarted(el.closest(".stylelab"));
  const restarted = () => setTimeout(sayIt, 100);
  model.on("comm_live_update", restarted);
  const listeners = [
    [document, "focusin", keepKeys],
    [document, "click", copyCode],
    [window, "pagehide", leave],
  ];
  for (const [target, type, action] of listeners) target.addEventListener(type, action);
  return () => {
    observer.disconnect();
    model.off("msg:custom", here);
    model.off("comm_live_update", restarted);
    for (const [target, ...listener] of listeners) {
      target.removeEventListener(...listener);
    }
    leave();
  };
}

export default { render };
