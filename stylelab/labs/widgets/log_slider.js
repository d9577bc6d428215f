// A slider whose every step multiplies. The browser's own, so keys and touch work.

const PER_DECADE = 20;

const text = (number) => String(Number(number.toPrecision(2)));

function render({ model, el }) {
  const slider = add(el, "div", "sl-slider");
  slider.title = model.get("help");
  const head = add(slider, "div", "sl-slider-head");
  const label = add(head, "label", "");
  const number = add(head, "span", "sl-slider-value");
  const input = add(slider, "input", "sl-slider-range");
  // Each slider loads this file anew, so that a counter would begin anew too.
  input.id = label.htmlFor = `sl-slider-${Math.random().toString(36).slice(2)}`;
  label.textContent = model.get("label");
  input.type = "range";
  input.min = PER_DECADE * model.get("low");
  input.max = PER_DECADE * model.get("high");
  input.dataset.lmSuppressShortcuts = "true"; // or the notebook takes the keys
  const ends = add(slider, "div", "sl-slider-ends");
  ends.setAttribute("aria-hidden", "true");
  for (const end of model.get("ends")) add(ends, "span", "").textContent = end;

  function show() {
    const value = model.get("value");
    input.value = Math.round(PER_DECADE * Math.log10(value));
    number.textContent = text(value);
    input.setAttribute("aria-valuetext", text(value));
  }

  input.oninput = () => {
    model.set("value", Number(text(10 ** (input.value / PER_DECADE))));
    model.save_changes();
  };
  input.onkeydown = (event) => event.stopPropagation();
  show();
  model.on("change:value", show);
  return () => model.off("change:value", show);
}

export default { render };
