// Buttons for the layers of a network, a row per block. Any number of them is pressed.

function render({ model, el }) {
  const [label, title] = [model.get("label"), model.get("help")];
  const group = add(el, "div", "sl-layers");
  setAttributes(group, { role: "group", "aria-label": label, title });
  add(group, "div", "sl-layers-label", label);
  const buttons = model.get("blocks").flatMap((names) => {
    const block = add(group, "div", "sl-layers-block");
    return names.map((name) => addButton(block, "sl-layer", name, press));
  });
  const isPressed = (button) => button.ariaPressed === "true";

  function press(button) {
    button.ariaPressed = !isPressed(button);
    send(model, "value", buttons.filter(isPressed).map((each) => each.textContent));
  }

  function show() {
    const chosen = model.get("value");
    for (const each of buttons) each.ariaPressed = chosen.includes(each.textContent);
  }

  return follow(model, el, { value: show });
}

export default { render };
