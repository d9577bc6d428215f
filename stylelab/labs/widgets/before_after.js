// A picture over another one. A range input, unseen over both, moves the line between
// them by mouse, finger or keys.

function render({ model, el }) {
  const stage = add(el, "div", "sl-before-after");
  const after = add(stage, "img", "sl-after");
  const before = add(stage, "img", "sl-before");
  add(stage, "div", "sl-divider");
  const left = add(stage, "span", "sl-side sl-left");
  const right = add(stage, "span", "sl-side sl-right");
  left.ariaHidden = right.ariaHidden = "true";
  const range = add(stage, "input", "sl-range");
  // Keys move by 1 %, the pointer by less.
  Object.assign(range, { type: "range", min: 0, max: 100, step: "any" });

  function move() {
    stage.style.setProperty("--at", `${range.value}%`);
    range.ariaValueText = `${Math.round(range.value)} %`;
  }

  function showWords() {
    [left.textContent, right.textContent] = model.get("sides");
    [before.alt, after.alt, range.ariaLabel] = model.get("names");
  }

  function showPictures() {
    model.get("pictures").forEach((bytes, i) => showPicture([before, after][i], bytes));
    range.value = model.get("first");
    move();
  }

  after.onload = () =>
    stage.style.setProperty("--aspect", after.naturalWidth / after.naturalHeight);
  range.oninput = move;
  return follow(model, el, {
    sides: showWords, names: showWords, pictures: showPictures,
  });
}

export default { render };
