// What the widgets share: Python puts this file before the code of each of them, and
// translates each _("text").

const SVG = "http://www.w3.org/2000/svg";
const ARROWS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0],
  ArrowUp: [0, -1], ArrowDown: [0, 1],
};

// `text` with each of `values` in the place of a {}.
function filled(text, ...values) {
  return values.reduce((done, value) => done.replace("{}", () => value), text);
}

const clip = (value, low, high) => Math.max(low, Math.min(high, value));

function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
}

function add(parent, tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}

function addSvg(parent, tag, className, attributes = {}) {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, { class: className, ...attributes });
  parent.append(element);
  return element;
}

function addButton(parent, className, text, pressed) {
  const button = add(parent, "button", className, text);
  button.type = "button";
  button.onclick = () => pressed(button);
  return button;
}

// Adds or removes children of `parent` until they are `count`; returns them.
function resize(parent, count, addChild) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) addChild(parent);
  return [...parent.children];
}

// Shows an encoded picture; an empty one leaves the last one where it is.
function showPicture(image, bytes) {
  if (!bytes.byteLength) return;
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(new Blob([bytes]));
}

// Calls each function now, and when the trait of its name changes. Returns what ends
// this and frees the pictures in `el`.
function follow(model, el, shows) {
  for (const [name, show] of Object.entries(shows)) {
    model.on(`change:${name}`, show);
    show();
  }
  return () => {
    for (const [name, show] of Object.entries(shows)) model.off(`change:${name}`, show);
    for (const image of el.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  };
}

function send(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

// The direction of an arrow key, which then does nothing else.
function takeArrow(event) {
  if (event.key in ARROWS) {
    event.preventDefault();
    event.stopPropagation();
  }
  return ARROWS[event.key];
}

// A picture to point at: `moved` gets x and y of a pressed pointer, 0..1 in the picture.
// Returns it and what `follow` needs to show the traits value and label. keys: how keys
// move the point, for screen readers.
function addStage({ model, el }, className, keys, moved) {
  const stage = add(el, "div", className);
  setAttributes(stage, { tabindex: 0, role: "application" });
  const image = add(stage, "img", "sl-photo");
  image.draggable = false;
  const move = ({ clientX, clientY }) => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    moved((clientX - left) / width, (clientY - top) / height);
  };
  stage.onpointerdown = (event) => {
    if (event.button) return;
    event.preventDefault();
    stage.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    move(event);
  };
  stage.onpointermove = (event) => {
    if (stage.hasPointerCapture(event.pointerId)) move(event);
  };
  const showLabel = () => {
    image.alt = model.get("label");
    stage.setAttribute("aria-label", `${image.alt} ${keys}`);
  };
  const showValue = () => showPicture(image, model.get("value"));
  return [stage, { value: showValue, label: showLabel }];
}
