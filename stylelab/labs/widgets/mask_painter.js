// A picture to paint a mask on. The mask goes to Python after every stroke.

const PAINT = [230, 159, 0];
const UNDOS = 20; // as many changes can be taken back
const KEYS = [
  _("Paint with mouse or finger."),
  _("Or move with the arrow keys, and put the pen down and up with the space bar."),
  _("Control Z takes a stroke back."),
].join(" ");

function render({ model, el }) {
  const look = "sl-stage sl-painter";
  const [stage, shows] = addStage({ model, el }, look, KEYS, (x, y) => {
    stroke([x * canvas.width, y * canvas.height]);
  });
  const canvas = add(stage, "canvas", "sl-over sl-mask");
  const tip = add(stage, "div", "sl-pen");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let point; // where the pen is, x and y in pixels of the canvas
  let last; // where the present stroke has come to
  let isDown = false; // the pen that is moved by keys
  let isErasing = false;
  let isSending = false;
  let undos = []; // the mask before each change, the newest last

  const tools = add(el, "div", "sl-tools");
  const eraser = addButton(tools, "sl-tool", _("Erase"), () => {
    eraser.ariaPressed = isErasing = !isErasing;
  });
  eraser.ariaPressed = isErasing;
  addButton(tools, "sl-tool", _("Undo"), undo);
  addButton(tools, "sl-tool", _("Invert"), () => change((level) => 255 - level));
  addButton(tools, "sl-tool", _("Clear"), () => change(() => 0));
  const label = add(tools, "label", "sl-pen-size", `${_("Pen")} `);
  const range = add(label, "input", "");
  Object.assign(range, { type: "range", min: 2, max: 60 });
  range.oninput = () => send(model, "pen", Number(range.value));
  const share = add(tools, "span", "sl-note");
  share.setAttribute("role", "status");

  stage.onlostpointercapture = sendMask;
  stage.onkeydown = (event) => {
    const arrow = takeArrow(event);
    if (arrow) {
      const [x, y] = point.map((at, i) => at + arrow[i] * model.get("pen"));
      point = [clip(x, 0, canvas.width), clip(y, 0, canvas.height)];
    } else if (event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      isDown = !isDown;
      last = null;
    } else return;
    if (isDown) {
      stroke(point);
      sendMask();
      last = point;
    }
    showPen();
  };

  el.onkeydown = (event) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    undo();
  };

  function remember() {
    undos = [...undos, levels()].slice(-UNDOS);
  }

  function undo() {
    const before = undos.pop();
    if (!before) return;
    put((i) => before[i]);
    sendMask();
  }

  function stroke(to) {
    if (!last) remember();
    const from = last ?? to;
    pen.globalCompositeOperation = isErasing ? "destination-out" : "source-over";
    pen.strokeStyle = `rgb(${PAINT})`;
    pen.lineWidth = 2 * model.get("pen");
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(to[0] + 0.01, to[1]); // a line without length paints nothing
    pen.stroke();
    point = last = to;
    showPen();
  }

  // The mask on the canvas, a byte per pixel: 0 or 255.
  function levels() {
    const { width, height } = canvas;
    const { data } = pen.getImageData(0, 0, width, height);
    const level = (_, i) => (data[4 * i + 3] > 127 ? 255 : 0);
    return Uint8Array.from({ length: width * height }, level);
  }

  function put(level) {
    const { width, height } = canvas;
    const picture = pen.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      picture.data.set([...PAINT, level(i)], 4 * i);
    }
    pen.putImageData(picture, 0, 0);
  }

  function change(to) {
    const before = levels();
    remember();
    put((i) => to(before[i]));
    sendMask();
  }

  function sendMask() {
    last = null;
    isSending = true; // showPainted would draw what is there already
    send(model, "painted", new DataView(levels().buffer));
    isSending = false;
    showShare();
  }

  function showShare() {
    const mask = levels();
    const painted = mask.filter((level) => level).length / mask.length;
    share.textContent = filled(_("{}% painted"), Math.round(100 * painted));
  }

  function showSize() {
    const [width, height] = model.get("size");
    Object.assign(canvas, { width, height });
    stage.style.setProperty("--aspect", width / height);
    point = [width / 2, height / 2];
    last = null;
    showPainted();
    showPen();
  }

  function showPainted() {
    if (isSending) return;
    undos = [];
    const { width, height } = canvas;
    const painted = model.get("painted");
    const fits = painted?.byteLength === width * height;
    put((i) => (fits ? painted.getUint8(i) : 0));
    showShare();
  }

  function showPen() {
    const { width, height } = canvas;
    const radius = model.get("pen");
    range.value = radius;
    Object.assign(tip.style, {
      width: `${(200 * radius) / width}%`,
      height: `${(200 * radius) / height}%`,
      left: `${(100 * point[0]) / width}%`,
      top: `${(100 * point[1]) / height}%`,
    });
    tip.classList.toggle("sl-down", isDown);
  }

  const own = { size: showSize, painted: showPainted, pen: showPen };
  return follow(model, el, { ...shows, ...own });
}

export default { render };
