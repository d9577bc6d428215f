// A picture to paint a mask on. What is painted goes to Python after every stroke.

const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const PAINT = "rgb(230, 159, 0)";
const KEYS =
  "Paint with mouse or finger. Or move with the arrow keys, and put the pen down and " +
  "up with the space bar.";


class Painter {
  constructor(model, el) {
    this.model = model;
    this.stage = add(el, "div", "sl-stage sl-painter");
    this.image = add(this.stage, "img", "sl-photo");
    this.canvas = add(this.stage, "canvas", "sl-mask");
    this.tip = add(this.stage, "div", "sl-pen");
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true });
    this.erasing = this.down = false;
    this.addTools(el);
    this.prepare();
    this.listen();
    this.showImage();
    this.showLabel();
    this.showSize();
  }

  prepare() {
    const { stage } = this;
    stage.tabIndex = 0;
    stage.setAttribute("role", "application");
    stage.dataset.lmSuppressShortcuts = "true"; // or the notebook takes the keys
    this.image.draggable = false;
    stage.onpointerdown = (event) => this.grab(event);
    stage.onpointermove = (event) => {
      if (stage.hasPointerCapture(event.pointerId)) this.stroke(this.at(event));
    };
    stage.onlostpointercapture = () => this.send();
    stage.onkeydown = (event) => this.press(event);
  }

  addTools(el) {
    const tools = add(el, "div", "sl-tools");
    this.eraser = this.addButton(tools, "Erase", () => {
      this.erasing = !this.erasing;
      this.eraser.setAttribute("aria-pressed", this.erasing);
    });
    this.eraser.setAttribute("aria-pressed", false);
    this.addButton(tools, "Invert", () => this.change((level) => 255 - level));
    this.addButton(tools, "Clear", () => this.change(() => 0));
    const label = add(tools, "label", "sl-pen-size");
    label.append("Pen ");
    this.range = add(label, "input", "");
    Object.assign(this.range, { type: "range", min: 2, max: 60 });
    this.range.oninput = () => {
      this.model.set("pen", Number(this.range.value));
      this.model.save_changes();
    };
    this.said = add(tools, "span", "sl-note");
    this.said.setAttribute("role", "status");
  }

  addButton(tools, text, pressed) {
    const button = add(tools, "button", "sl-tool");
    button.type = "button";
    button.textContent = text;
    button.onclick = pressed;
    return button;
  }

  listen() {
    this.shows = {
      value: () => this.showImage(),
      label: () => this.showLabel(),
      size: () => this.showSize(),
      painted: () => this.showPainted(),
      pen: () => this.showPen(),
    };
    for (const [name, show] of Object.entries(this.shows)) {
      this.model.on(`change:${name}`, show);
    }
  }

  close() {
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
    this.stage.setAttribute("aria-label", `${label} ${KEYS}`);
    this.image.alt = label;
  }

  showSize() {
    const [width, height] = this.model.get("size");
    Object.assign(this.canvas, { width, height });
    this.stage.style.setProperty("--aspect", width / height);
    this.point = [width / 2, height / 2];
    this.last = null;
    this.showPainted();
    this.showPen();
  }

  showPainted() {
    if (this.sending) return;
    const { width, height } = this.canvas;
    const levels = this.model.get("painted");
    this.pen.clearRect(0, 0, width, height);
    if (levels?.byteLength === width * height) this.put((i) => levels.getUint8(i));
    this.count();
  }

  showPen() {
    const [width, height] = this.model.get("size");
    const radius = this.model.get("pen");
    this.range.value = radius;
    this.tip.style.width = `${(200 * radius) / width}%`;
    this.tip.style.height = `${(200 * radius) / height}%`;
    this.tip.style.left = `${(100 * this.point[0]) / width}%`;
    this.tip.style.top = `${(100 * this.point[1]) / height}%`;
    this.tip.classList.toggle("sl-down", this.down);
  }

  // Levels of every pixel, 0 or 255, from and to the canvas.
  levels() {
    const { width, height } = this.canvas;
    const { data } = this.pen.getImageData(0, 0, width, height);
    return Uint8Array.from({ length: width * height }, (_, i) =>
      data[4 * i + 3] > 127 ? 255 : 0,
    );
  }

  put(level) {
    const { width, height } = this.canvas;
    const image = this.pen.createImageData(width, height);
    const colour = [230, 159, 0];
    for (let i = 0; i < width * height; i++) {
      image.data.set(colour, 4 * i);
      image.data[4 * i + 3] = level(i);
    }
    this.pen.putImageData(image, 0, 0);
  }

  change(to) {
    const levels = this.levels();
    this.put((i) => to(levels[i]));
    this.send();
  }

  send() {
    this.last = null;
    this.sending = true; // its own echo need not be drawn
    this.model.set("painted", new DataView(this.levels().buffer));
    this.sending = false;
    this.model.save_changes();
    this.count();
  }

  count() {
    const levels = this.levels();
    const share = levels.filter((level) => level).length / levels.length;
    this.said.textContent = `${Math.round(100 * share)}% painted`;
  }

  at(event) {
    const shown = this.stage.getBoundingClientRect();
    const { width, height } = this.canvas;
    return [
      ((event.clientX - shown.left) / shown.width) * width,
      ((event.clientY - shown.top) / shown.height) * height,
    ];
  }

  grab(event) {
    if (event.button) return;
    event.preventDefault();
    this.stage.focus({ preventScroll: true });
    this.stage.setPointerCapture(event.pointerId);
    this.stroke(this.at(event));
  }

  stroke(to) {
    const from = this.last ?? to;
    const { pen } = this;
    pen.globalCompositeOperation = this.erasing ? "destination-out" : "source-over";
    pen.strokeStyle = PAINT;
    pen.lineWidth = 2 * this.model.get("pen");
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(to[0] + 0.01, to[1]); // a line without length paints nothing
    pen.stroke();
    pen.globalCompositeOperation = "source-over";
    this.point = this.last = to;
    this.showPen();
  }

  press(event) {
    const arrow = ARROWS[event.key];
    if (!arrow && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === " ") {
      this.down = !this.down;
      this.last = null;
    } else {
      this.move(arrow);
    }
    if (this.down) {
      this.stroke(this.point);
      const last = this.last;
      this.send();
      this.last = last;
    }
    this.showPen();
  }

  move([dx, dy]) {
    const { width, height } = this.canvas;
    const pixels = this.model.get("pen");
    const [x, y] = this.point;
    this.point = [clip(x + dx * pixels, 0, width), clip(y + dy * pixels, 0, height)];
  }
}

function render({ model, el }) {
  const painter = new Painter(model, el);
  return () => painter.close();
}

export default { render };
