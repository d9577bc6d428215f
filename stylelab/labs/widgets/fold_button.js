// A button for what is folded away. It tells who cannot see it whether that is open.

function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "jupyter-widgets jupyter-button widget-toggle-button";
  button.dataset.lmSuppressShortcuts = "true"; // or the notebook takes the keys
  el.append(button);

  function show() {
    const open = model.get("value");
    button.textContent = `${model.get("title")} ${open ? "▴" : "▾"}`;
    button.title = `${open ? "Hide" : "Show"} what few need`;
    button.setAttribute("aria-expanded", open);
    button.classList.toggle("mod-active", open);
  }

  button.onclick = () => {
    model.set("value", !model.get("value"));
    model.save_changes();
  };
  show();
  model.on("change:value", show);
  return () => model.off("change:value", show);
}

export default { render };
