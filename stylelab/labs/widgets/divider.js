// A picture over another one. A range input, unseen over both, moves the line
// between them by mouse, finger or keys.

const FIRST = 15; // percent: most of the result is seen, and that it can be compared

// Returns what shows both, encoded; what names them; and what moves the line.
function addDivider(parent) {
  const stage = add(parent, "div", "sl-before-after");
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

  function reset(percent = FIRST) {
    range.value = percent;
    move();
  }

  // sides: words on both pictures. names, for screen readers: of both, and of the line.
  function name(sides, names) {
    [left.textContent, right.textContent] = sides;
    [before.alt, after.alt, range.ariaLabel] = names;
  }

  after.onload = () =>
    stage.style.setProperty("--aspect", after.naturalWidth / after.naturalHeight);
  range.oninput = move;
  const show = (pictures) =>
    pictures.forEach((bytes, i) => showPicture([before, after][i], bytes));
  return { show, name, reset };
}
