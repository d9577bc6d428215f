// The network as blocks that become lower and wider; one layer is chosen.

const WIDTH = 1000; // the drawing's units; the page stretches it
const HEIGHT = 100;
const PLAY = 5000; // milliseconds from relu1_1 to relu5_4

function render({ model, el }) {
  const blocks = model.get("blocks");
  const names = model.get("names");
  const section = add(el, "section", "sl-network");
  const head = add(section, "div", "sl-network-head");
  const playButton = addButton(head, "sl-tool sl-play", "", () => (timer ? stop() : play()));
  const name = add(head, "b", "sl-layer-name");
  const facts = add(head, "div", "sl-network-facts");
  add(head, "p", "sl-network-caption", model.get("caption"));
  const slider = add(section, "div", "sl-network-slider");
  setAttributes(slider, {
    role: "slider", tabindex: 0, "aria-label": _("Layer"),
    "aria-valuemin": 1, "aria-valuemax": names.length,
  });
  const box = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" };
  const svg = addSvg(slider, "svg", "sl-network-drawing", { ...box, "aria-hidden": true });
  const rects = blocks.map(drawBlock);
  const marker = add(slider, "i", "sl-network-marker");
  const ends = add(slider, "div", "sl-network-groups");
  for (let group = 1; group <= 5; group++) addGroup(group);
  let timer = 0;

  function drawBlock({ name, hue, left, width, height }, i) {
    const kind = name.slice(0, 4);
    if (kind === "pool") drawStep(blocks[i - 1], blocks[i]);
    return addSvg(svg, "rect", `sl-block sl-${kind}`, {
      x: WIDTH * left, y: HEIGHT * (1 - height),
      width: WIDTH * width, height: HEIGHT * height, fill: hue,
    });
  }

  // From the last map's height down to that of the pooled one.
  function drawStep(before, { left, height, hue }) {
    const right = WIDTH * (before.left + before.width);
    const corners = [
      [right, HEIGHT * (1 - before.height)], [WIDTH * left, HEIGHT * (1 - height)],
      [WIDTH * left, HEIGHT], [right, HEIGHT],
    ];
    addSvg(svg, "polygon", "sl-step", { points: corners.join(" "), fill: hue });
  }

  function addGroup(group) {
    const members = blocks.filter((block) => block.group === group);
    const label = add(ends, "span", "", group);
    label.style.left = `${100 * members[0].left}%`;
    add(label, "span", "sl-network-word", `${_("block")} `);
    label.prepend(label.lastChild);
  }

  const choose = (layer) => layer !== model.get("chosen") && send(model, "chosen", layer);
  const step = (to) => choose(names[clip(to, 0, names.length - 1)]);

  function show() {
    const chosen = model.get("chosen");
    const place = blocks.findIndex((block) => block.name === chosen);
    rects.forEach((rect, i) => {
      rect.classList.toggle("sl-ahead", i > place);
      rect.classList.toggle("sl-chosen", i === place);
    });
    const { left, width } = blocks[place];
    marker.style.left = `${100 * (left + width / 2)}%`;
    name.textContent = chosen;
    setAttributes(slider, {
      "aria-valuenow": names.indexOf(chosen) + 1, "aria-valuetext": chosen,
    });
  }

  function showFacts() {
    const spans = resize(facts, model.get("facts").length, (parent) => {
      const fact = add(parent, "span", "sl-fact");
      add(fact, "b", "sl-number");
      add(fact, "span", "sl-unit");
    });
    model.get("facts").forEach((fact, i) => {
      fact.forEach((text, j) => (spans[i].children[j].textContent = text));
    });
  }

  function point({ clientX }) {
    const { left, width } = slider.getBoundingClientRect();
    const x = (clientX - left) / width;
    const under = blocks.findLast((block) => block.left <= x) ?? blocks[0];
    choose(under.choice);
  }

  slider.onpointerdown = (event) => {
    if (event.button) return;
    stop();
    slider.setPointerCapture(event.pointerId);
    point(event);
  };
  slider.onpointermove = (event) => {
    if (slider.hasPointerCapture(event.pointerId)) point(event);
  };
  slider.onkeydown = (event) => {
    const now = names.indexOf(model.get("chosen"));
    const arrow = takeArrow(event);
    if (!arrow && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    stop();
    if (arrow) step(now + arrow[0] - arrow[1]);
    else step(event.key === "Home" ? 0 : names.length);
  };

  // To relu5_4: pool5 is no layer that style transfer looks at.
  function play() {
    const last = names.length - 2;
    let place = 0;
    const advance = () => {
      step(place);
      if (place++ === last) stop();
    };
    timer = setInterval(advance, PLAY / (last + 1));
    showPlay();
    advance();
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    showPlay();
  }

  function showPlay() {
    playButton.textContent = timer ? _("■ Stop") : _("▶ Play");
    const play = _("From relu1_1 to relu5_4 in five seconds");
    playButton.title = timer ? _("Stop here") : play;
    section.classList.toggle("sl-playing", timer > 0);
  }

  showPlay();
  const end = follow(model, el, { chosen: show, facts: showFacts });
  return () => {
    stop();
    end();
  };
}

export default { render };
