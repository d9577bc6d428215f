// The photo over the picture made of it. A range input, unseen over both, moves the line
// between them by mouse, finger or keys.

const FIRST = 15; // percent: most of the result is seen, and that it can be compared

// names: what the page calls the two pictures. Returns what shows both, encoded, and what
// puts the line to its first place.
function addDivider(parent, names = ["before", "after"]) {
  const stage = add(parent, "div", "sl-before-after");
  const after = add(stage, "img", "sl-after");
  const before = add(stage, "img", "sl-before");
  after.alt = "The new picture";
  before.alt = "The photo";
  add(stage, "div", "sl-divider");
  add(stage, "span", "sl-side sl-left", names[0]).ariaHidden = "true";
  add(stage, "span", "sl-side sl-right", names[1]).ariaHidden = "true";
  const range = add(stage, "input", "sl-range");
  // Keys move by 1 %, the pointer by less.
  Object.assign(range, { type: "range", min: 0, max: 100, step: "any" });
  range.ariaLabel = "How much of the photo is shown";

  function move() {
    stage.style.setProperty("--at", `${range.value}%`);
    range.ariaValueText = `${Math.round(range.value)} %`;
  }

  function reset() {
    range.value = FIRST;
    move();
  }

  after.onload = () =>
    stage.style.setProperty("--aspect", after.naturalWidth / after.naturalHeight);
  range.oninput = move;
  const show = (pictures) =>
    pictures.forEach((bytes, i) => showPicture([before, after][i], bytes));
  return { show, reset };
}
