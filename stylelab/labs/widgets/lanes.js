// The photo, and beside it what each layer knows of it. The pictures of a run are kept:
// afterwards a slider goes through them, from noise to the last step.

const RUNS = 4; // whose moments are kept
const COVERS = [
  ["", _("nothing is covered")],
  ["pictures", _("what will come back?")],
  ["names", _("which layer is it?")],
];

function shuffled(list) {
  const keys = new Map(list.map((item) => [item, Math.random()]));
  return [...list].sort((a, b) => keys.get(a) - keys.get(b));
}

// The moments of each run that this page has seen, by the run's number.
function addTo(films, moment) {
  if (!films.has(moment.run)) films.set(moment.run, []);
  addFrame(films.get(moment.run), moment);
  while (films.size > RUNS) films.delete(films.keys().next().value);
}

function addLane(list, pressed) {
  const button = addButton(list, "sl-lane", "", pressed);
  const frame = add(button, "span", "sl-lane-frame");
  add(frame, "img", "sl-lane-picture").alt = "";
  add(frame, "span", "sl-lane-cover", "?");
  const caption = add(button, "span", "sl-lane-caption");
  const [what, how] = [0, 1].map(() => add(caption, "span", "sl-lane-part"));
  for (const kind of ["sl-lane-name", "sl-lane-sees"]) add(what, "span", kind);
  for (const kind of ["sl-lane-psnr", "sl-lane-loss"]) add(how, "span", kind);
  return button;
}

function addLarge(el) {
  const dialog = add(el, "dialog", "sl-dialog sl-large");
  const title = add(dialog, "h3", "sl-picker-title");
  dialog.setAttribute("aria-label", _("A layer's picture beside the photo"));
  const divider = addDivider(dialog);
  const line = _("How much of the photo is shown");
  const names = [_("The photo"), _("The layer's picture"), line];
  divider.name([_("the photo"), _("what the layer knows")], names);
  addButton(dialog, "sl-tool", _("Close"), () => dialog.close());
  return { dialog, title, divider };
}

function render({ model, el }) {
  const films = new Map();
  let moment = {}; // the one that is shown
  let opened = -1; // the lane that is enlarged
  let uncovered = new Set();
  const list = add(el, "div", "sl-lanes");
  setAttributes(list, { role: "group", "aria-label": _("What the layers know") });
  const photo = add(list, "figure", "sl-lane");
  const frame = add(photo, "span", "sl-lane-frame");
  const original = add(frame, "img", "sl-lane-picture");
  const words = add(photo, "figcaption", "sl-lane-caption");
  const what = add(words, "span", "sl-lane-part");
  add(what, "span", "sl-lane-name", _("the photo"));
  const credit = add(what, "span", "sl-lane-sees");
  let lanes = [];

  const below = add(el, "div", "sl-lanes-below");
  const showFilm = addFilm(below, (chosen) => {
    moment = chosen;
    showLanes();
  });
  const asked = add(below, "label", "sl-lanes-ask", `${_("Predict first:")} `);
  const cover = add(asked, "select", "sl-lanes-covers");
  for (const [value, text] of COVERS) add(cover, "option", "", text).value = value;
  const note = add(below, "span", "sl-note");
  const { dialog, title, divider } = addLarge(el);

  const isCovered = (i) => cover.value && !uncovered.has(i);
  const hasPicture = (i) => moment.pictures?.[i]?.byteLength > 0;

  function press(i) {
    if (isCovered(i)) {
      uncovered.add(i);
      showLanes();
    } else if (hasPicture(i)) {
      opened = i;
      divider.reset();
      showLanes();
      dialog.showModal();
    }
  }

  function nameOf(i) {
    const { name, sees } = model.get("row").layers[i];
    if (isCovered(i)) {
      return cover.value === "names"
        ? _("A layer whose name is covered: uncover it")
        : filled(_("{}, sees {}, its picture is covered: uncover it"), name, sees);
    }
    if (!hasPicture(i)) return filled(_("{}, sees {}: no picture yet"), name, sees);
    const [near, loss] = moment.numbers[i];
    return filled(_("{}, sees {}, PSNR {}, {}: enlarge"), name, sees, near, loss);
  }

  function showLane(button, i) {
    const { name, sees } = model.get("row").layers[i];
    const covers = isCovered(i) ? cover.value : "";
    button.dataset.covers = covers;
    button.dataset.empty = !hasPicture(i);
    button.ariaLabel = nameOf(i);
    const image = button.querySelector("img");
    if (hasPicture(i)) showPicture(image, moment.pictures[i]);
    const numbers = hasPicture(i) ? moment.numbers[i] : ["", ""];
    const texts = covers === "names" ? ["?", "", "", ""] : [name, filled(_("sees {}"), sees)];
    if (!covers) texts.push(...numbers);
    [...button.querySelectorAll(".sl-lane-part > *")].forEach(
      (part, k) => (part.textContent = texts[k] ?? ""),
    );
  }

  function showLanes() {
    lanes.forEach(showLane);
    if (opened < 0 || !hasPicture(opened)) return;
    const { name, sees } = model.get("row").layers[opened];
    const numbers = moment.numbers[opened].join(", ");
    title.textContent = filled(_("{}, sees {}: {}"), name, sees, numbers);
    divider.show([model.get("row").photo, moment.pictures[opened]]);
  }

  function showRow() {
    const row = model.get("row");
    showPicture(original, row.photo);
    original.alt = filled(_("The photo: {}"), row.title);
    credit.textContent = row.title;
    note.textContent = row.note;
    lanes.forEach((lane) => lane.remove());
    lanes = row.layers.map((_, i) => addLane(list, () => press(i)));
    list.style.setProperty("--lanes", lanes.length + 1);
    list.style.setProperty("--half", Math.ceil((lanes.length + 1) / 2));
    list.dataset.wide = row.aspect > 1.2;
    list.style.setProperty("--aspect", row.aspect);
    showMoment();
    coverAll();
  }

  function showMoment() {
    moment = model.get("moment");
    if (moment.step) addTo(films, moment);
    showTime();
    showLanes();
  }

  // From noise to the end, where this page has seen the run.
  function showTime() {
    const film = (!model.get("busy") && films.get(moment.run)) || [];
    showFilm(film, film.at(-1)?.step);
  }

  function coverAll() {
    uncovered = new Set();
    // Names in their order would be no riddle.
    const order = cover.value === "names" ? shuffled(lanes) : lanes;
    list.append(...order);
    showLanes();
  }

  cover.onchange = coverAll;
  dialog.onclose = () => (opened = -1);
  // The notebook has keys of its own for Escape.
  dialog.onkeydown = (event) => event.stopPropagation();

  return follow(model, el, { row: showRow, moment: showMoment, busy: showTime });
}

export default { render };
