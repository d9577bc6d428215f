// What a page with labs needs beside their style sheet.

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

function render() {
  const observer = new MutationObserver(nameSliders);
  const attributeFilter = ["aria-valuetext"];
  observer.observe(document, { subtree: true, childList: true, attributeFilter });
  document.addEventListener("focusin", keepKeys);
  return () => {
    observer.disconnect();
    document.removeEventListener("focusin", keepKeys);
  };
}

export default { render };
