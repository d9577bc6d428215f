// Buttons of which one is pressed; a single one is pressed or not.

function render({ model, el }) {
  const group = add(el, "div", "sl-press");
  setAttributes(group, { role: "group", "aria-label": model.get("label") });
  const options = model.get("options");
  for (const [key, text] of options) addButton(group, "sl-tool", text, () => press(key));

  function press(key) {
    const again = options.length === 1 && key === model.get("value");
    send(model, "value", again ? "" : key);
  }

  function show() {
    [...group.children].forEach((button, i) => {
      button.ariaPressed = options[i][0] === model.get("value");
    });
  }

  return follow(model, el, { value: show });
}

export default { render };
