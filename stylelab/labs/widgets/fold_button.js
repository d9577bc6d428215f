// A button that opens and closes a fold, and tells screen readers which it is.

function render({ model, el }) {
  const look = "jupyter-widgets jupyter-button widget-toggle-button";
  const button = addButton(el, look, "", () => send(model, "value", !model.get("value")));

  function show() {
    const open = model.get("value");
    button.textContent = `${model.get("title")} ${open ? "▴" : "▾"}`;
    button.title = open ? _("Hide what few need") : _("Show what few need");
    button.setAttribute("aria-expanded", open);
    button.classList.toggle("mod-active", open);
  }

  return follow(model, el, { value: show });
}

export default { render };
