// A prediction: radio buttons, a slider for a number, or a curve to draw.

const SVG = "http://www.w3.org/2000/svg";
let groups = 0; // names of groups of radio buttons, which must differ

function add(parent, tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}

function addSvg(parent, tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  parent.append(element);
  return element;
}

function addSlider(parent, name, [low, high], changed) {
  const slider = add(parent, "input", "");
  const step = (high - low) / 100;
  Object.assign(slider, { type: "range", min: low, max: high, step, ariaLabel: name });
  slider.value = (low + high) / 2;
  slider.oninput = () => changed(Number(slider.value));
  return slider;
}

const written = (value) => String(Number(value.toPrecision(3)));

function askChoice(box, model, keep) {
  const name = `prediction-${groups++}`;
  const shown = model.get("shown");
  model.get("choices").forEach((choice, i) => {
    const label = add(box, "label", "");
    const radio = add(label, "input", "");
    Object.assign(radio, { type: "radio", name, checked: choice === model.get("guess") });
    radio.onchange = () => keep(choice);
    label.append(shown[i] ?? choice);
  });
}

function askNumber(box, model, keep) {
  const range = [model.get("low"), model.get("high")];
  const output = document.createElement("output");
  const show = (value) => {
    const text = value === null ? "?" : written(value);
    output.textContent = `${text} ${model.get("unit")}`;
  };
  const slider = addSlider(box, _("Your prediction"), range, (value) => {
    show(value);
    keep(value);
  });
  const guess = model.get("guess");
  if (guess !== null) slider.value = guess;
  show(guess);
  box.append(output);
}

// Empty axes. A drag draws over all places; each place is also a slider for keys.
function askCurve(box, model, keep) {
  const [places, low, high] = ["places", "low", "high"].map((name) => model.get(name));
  const guess = model.get("guess") ?? places.map(() => (low + high) / 2);
  const width = 90 * places.length, height = 200;
  const [left, top, bottom] = [90, 12, 40];
  const at = (i) => left + 90 * i + 45;
  const up = (value) => top + (height * (high - value)) / (high - low);
  const viewBox = `0 0 ${left + width} ${top + height + bottom}`;
  const frame = add(box, "div", "sl-curve");
  const svg = addSvg(frame, "svg", { viewBox, "aria-hidden": true });
  svg.style.maxWidth = `${left + width}px`;
  addSvg(svg, "path", { class: "axes", d: `M${left} ${top}v${height}h${width}` });
  for (const value of [low, high]) {
    const place = { x: left - 8, y: up(value) + 5, "text-anchor": "end" };
    addSvg(svg, "text", place).textContent = written(value);
  }
  const y = { x: -(top + height / 2), y: 16, transform: "rotate(-90)" };
  addSvg(svg, "text", { ...y, "text-anchor": "middle" }).textContent = model.get("label");
  const line = addSvg(svg, "polyline", { class: "guess" });
  const dots = places.map((place, i) => {
    const name = { x: at(i), y: top + height + 24, "text-anchor": "middle" };
    addSvg(svg, "text", name).textContent = place;
    return addSvg(svg, "circle", { cx: at(i), r: 7 });
  });
  const show = () => {
    line.setAttribute("points", guess.map((v, i) => `${at(i)},${up(v)}`).join(" "));
    dots.forEach((dot, i) => dot.setAttribute("cy", up(guess[i])));
    frame.classList.toggle("empty", model.get("guess") === null);
  };
  const put = (i, value) => {
    guess[i] = Math.max(low, Math.min(high, value));
    keep([...guess]);
    show();
  };
  const sliders = places.map((place, i) => {
    const slider = addSlider(frame, place, [low, high], (value) => put(i, value));
    slider.value = guess[i];
    slider.onfocus = () => dots[i].classList.add("focused");
    slider.onblur = () => dots[i].classList.remove("focused");
    return slider;
  });
  const draw = ({ clientX, clientY }) => {
    const point = new DOMPoint(clientX, clientY);
    const spot = point.matrixTransform(svg.getScreenCTM().inverse());
    const nearest = Math.round((spot.x - left - 45) / 90);
    const i = Math.max(0, Math.min(places.length - 1, nearest));
    put(i, high - ((spot.y - top) * (high - low)) / height);
    sliders[i].value = guess[i];
  };
  svg.onpointerdown = (event) => {
    svg.setPointerCapture(event.pointerId);
    draw(event);
  };
  svg.onpointermove = (event) => {
    if (svg.hasPointerCapture(event.pointerId)) draw(event);
  };
  show();
}

function render({ model, el }) {
  const box = add(el, "fieldset", "sl-prediction");
  // Else JupyterLab takes the arrow keys.
  box.addEventListener("focusin", ({ target }) => {
    target.dataset.lmSuppressShortcuts = "true";
  });
  add(box, "legend", "", _("Your prediction"));
  const status = document.createElement("span");
  status.className = "kept";
  status.role = "status";
  const say = () => {
    status.textContent = model.get("guess") === null ? "" : _("Kept: now run on.");
  };
  const keep = (guess) => {
    model.set("guess", guess);
    model.save_changes();
    say();
  };
  if (model.get("choices").length) askChoice(box, model, keep);
  else if (model.get("places").length) askCurve(box, model, keep);
  else askNumber(box, model, keep);
  box.append(status);
  say();
}

export default { render };
