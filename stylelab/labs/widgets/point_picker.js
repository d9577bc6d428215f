// A picture with a point to move, and over it the squares that Python sends.

const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
// So that the tags of nested squares stand apart.
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];


class Picker {
  constructor(model, el) {
    this.model = model;
    this.stage = add(el, "div", "sl-stage");
    this.image = add(this.stage, "img", "sl-photo");
    this.lines = addSvg(this.stage, "svg", "sl-lines");
    this.tags = add(this.stage, "div", "sl-tags");
    this.cross = add(this.stage, "div", "sl-cross");
    this.prepare();
    this.listen();
    this.showImage();
    this.showLabel();
    this.showSize();
  }

  prepare() {
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.stage.dataset.lmSuppressShortcuts = "true"; // or the notebook takes the keys
    this.image.draggable = false;
    this.lines.setAttribute("aria-hidden", "true");
    this.lines.setAttribute("preserveAspectRatio", "none");
  }

  listen() {
    const { model, stage } = this;
    this.shows = {
      value: () => this.showImage(),
      label: () => this.showLabel(),
      size: () => this.showSize(),
      point: () => this.showPoint(),
      boxes: () => this.showBoxes(),
    };
    for (const [name, show] of Object.entries(this.shows)) {
      model.on(`change:${name}`, show);
    }
    this.resized = new ResizeObserver(this.shows.boxes);
    this.resized.observe(stage);
    stage.onpointerdown = (event) => this.grab(event);
    stage.onpointermove = (event) => {
      if (stage.hasPointerCapture(event.pointerId)) this.follow(event);
    };
    stage.onkeydown = (event) => this.step(event);
  }

  close() {
    this.resized.disconnect();
    for (const [name, show] of Object.entries(this.shows)) {
      this.model.off(`change:${name}`, show);
    }
    URL.revokeObjectURL(this.image.src);
  }

  showImage() {
    const old = this.image.src;
    this.image.src = URL.createObjectURL(new Blob([this.model.get("value")]));
    URL.revokeObjectURL(old);
  }

  showLabel() {
    const label = this.model.get("label");
    this.stage.setAttribute("aria-label", `${label} Move with the arrow keys.`);
    this.image.alt = label;
  }

  showSize() {
    const [width, height] = this.model.get("size");
    this.lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.stage.style.setProperty("--aspect", width / height);
    this.showPoint();
    this.showBoxes();
  }

  showPoint() {
    const [x, y] = this.model.get("point");
    const [width, height] = this.model.get("size");
    this.cross.style.left = `${(100 * (x + 0.5)) / width}%`;
    this.cross.style.top = `${(100 * (y + 0.5)) / height}%`;
  }

  showBoxes() {
    this.lines.replaceChildren();
    this.tags.replaceChildren();
    this.model.get("boxes").forEach((box, i) => {
      this.drawSquare(box, "sl-casing");
      const line = this.drawSquare(box, "sl-line");
      line.style.stroke = box.hue;
      line.style.strokeDasharray = box.dash;
      if (box.tag) this.drawTag(box, CORNERS[i % 4]);
    });
  }

  drawSquare({ left, top, size }, kind) {
    const rect = addSvg(this.lines, "rect", kind);
    const place = { x: left, y: top, width: size, height: size };
    for (const [name, value] of Object.entries(place)) rect.setAttribute(name, value);
    return rect;
  }

  drawTag({ left, top, size, hue, tag }, [right, below]) {
    const [width, height] = this.model.get("size");
    const { clientWidth, clientHeight } = this.stage;
    const element = add(this.tags, "span", "sl-tag");
    element.textContent = tag;
    element.style.background = hue;
    // Outside of its corner of the square, but never outside of the picture.
    const { offsetWidth: w, offsetHeight: h } = element;
    const x = ((left + right * size) / width) * clientWidth - (1 - right) * w;
    let y = ((top + below * size) / height) * clientHeight - (1 - below) * h;
    y = clip(y, 0, clientHeight - h);
    element.style.left = `${clip(x, 0, clientWidth - w)}px`;
    do element.style.top = `${y}px`; while (this.coversAnother(element) && (y += h));
  }

  coversAnother(tag) {
    const a = tag.getBoundingClientRect();
    return [...this.tags.children].some((other) => {
      const b = other.getBoundingClientRect();
      const beside = a.right <= b.left || b.right <= a.left;
      return other !== tag && !beside && a.bottom > b.top && b.bottom > a.top + 1;
    });
  }

  put(x, y) {
    const [width, height] = this.model.get("size");
    this.model.set("point", [clip(x, 0, width - 1), clip(y, 0, height - 1)]);
    this.model.save_changes();
  }

  grab(event) {
    if (event.button) return;
    event.preventDefault();
    this.stage.focus({ preventScroll: true });
    this.stage.setPointerCapture(event.pointerId);
    this.follow(event);
  }

  follow(event) {
    const shown = this.stage.getBoundingClientRect();
    const [width, height] = this.model.get("size");
    this.put(
      Math.floor(((event.clientX - shown.left) / shown.width) * width),
      Math.floor(((event.clientY - shown.top) / shown.height) * height),
    );
  }

  step(event) {
    if (!(event.key in ARROWS)) return;
    event.preventDefault();
    event.stopPropagation();
    const pixels = this.model.get("step") * (event.shiftKey ? 8 : 1);
    const [dx, dy] = ARROWS[event.key];
    const [x, y] = this.model.get("point");
    this.put(x + pixels * dx, y + pixels * dy);
  }
}

function render({ model, el }) {
  const picker = new Picker(model, el);
  return () => picker.close();
}

export default { render };
