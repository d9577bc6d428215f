// Buttons for the layers of a network, a row for each block; any of them are pressed.

function render({ model, el }) {
  const group = add(el, "div", "sl-layerset");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", model.get("label"));
  group.title = model.get("help");
  add(group, "div", "sl-layerset-label").textContent = model.get("label");
  const names = model.get("blocks").flat();
  const buttons = {};

  function press(name) {
    const chosen = new Set(model.get("value"));
    chosen.has(name) ? chosen.delete(name) : chosen.add(name);
    model.set("value", names.filter((each) => chosen.has(each)));
    model.save_changes();
  }

  function show() {
    const chosen = model.get("value");
    for (const name of names) {
      buttons[name].setAttribute("aria-pressed", chosen.includes(name));
    }
  }

  for (const block of model.get("blocks")) {
    const row = add(group, "div", "sl-layerset-block");
    for (const name of block) {
      const button = add(row, "button", "sl-layer");
      button.type = "button";
      button.textContent = name;
      button.onclick = () => press(name);
      buttons[name] = button;
    }
  }
  show();
  model.on("change:value", show);
  return () => model.off("change:value", show);
}

export default { render };
