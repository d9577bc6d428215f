// A picture with a point to move, and over it the squares that Python sends.

const KEYS = _("Move with the arrow keys.");
// Each square has its tag at the next corner, so that nested squares' tags stand apart.
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];

function render({ model, el }) {
  const [stage, shows] = addStage({ model, el }, "sl-stage", KEYS, (x, y) => {
    const [width, height] = model.get("size");
    put(Math.floor(x * width), Math.floor(y * height));
  });
  const hidden = { "aria-hidden": true, preserveAspectRatio: "none" };
  const lines = addSvg(stage, "svg", "sl-over", hidden);
  const tags = add(stage, "div", "sl-over");
  const cross = add(stage, "div", "sl-cross");

  stage.onkeydown = (event) => {
    const arrow = takeArrow(event);
    if (!arrow) return;
    const pixels = model.get("step") * (event.shiftKey ? 8 : 1);
    const [x, y] = model.get("point");
    put(x + pixels * arrow[0], y + pixels * arrow[1]);
  };

  function put(x, y) {
    const [width, height] = model.get("size");
    send(model, "point", [clip(x, 0, width - 1), clip(y, 0, height - 1)]);
  }

  function showPoint() {
    const [x, y] = model.get("point");
    const [width, height] = model.get("size");
    cross.style.left = `${(100 * (x + 0.5)) / width}%`;
    cross.style.top = `${(100 * (y + 0.5)) / height}%`;
  }

  function showBoxes() {
    const [width, height] = model.get("size");
    lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
    stage.style.setProperty("--aspect", width / height);
    tags.replaceChildren();
    const boxes = model.get("boxes");
    const squares = resize(lines, 2 * boxes.length, (parent) => {
      addSvg(parent, "rect", parent.children.length % 2 ? "sl-line" : "sl-casing");
    });
    boxes.forEach((box, i) => {
      const [casing, line] = squares.slice(2 * i);
      place(casing, box);
      place(line, box);
      Object.assign(line.style, { stroke: box.hue, strokeDasharray: box.dash });
      if (box.tag) drawTag(box, CORNERS[i % 4]);
    });
  }

  // In the style, so that a style sheet can let the square grow.
  function place({ style }, { left, top, size }) {
    const [x, y, side] = [left, top, size].map((pixels) => `${pixels}px`);
    Object.assign(style, { x, y, width: side, height: side });
  }

  function drawTag({ left, top, size, hue, tag }, [right, below]) {
    const [width, height] = model.get("size");
    const { clientWidth, clientHeight } = stage;
    const element = add(tags, "span", "sl-tag", tag);
    element.style.background = hue;
    // Outside of its corner of the square, but never outside of the picture.
    const { offsetWidth: w, offsetHeight: h } = element;
    const x = ((left + right * size) / width) * clientWidth - (1 - right) * w;
    let y = ((top + below * size) / height) * clientHeight - (1 - below) * h;
    y = clip(y, 0, clientHeight - h);
    element.style.left = `${clip(x, 0, clientWidth - w)}px`;
    do element.style.top = `${y}px`; while (coversAnother(element) && (y += h));
  }

  function coversAnother(tag) {
    const a = tag.getBoundingClientRect();
    return [...tags.children].some((other) => {
      const b = other.getBoundingClientRect();
      const isBeside = a.right <= b.left || b.right <= a.left;
      return other !== tag && !isBeside && a.bottom > b.top && b.bottom > a.top + 1;
    });
  }

  const end = follow(model, el, {
    ...shows,
    size: () => (showPoint(), showBoxes()),
    point: showPoint,
    boxes: showBoxes,
  });
  const resized = new ResizeObserver(showBoxes);
  resized.observe(stage);
  return () => {
    end();
    resized.disconnect();
  };
}

export default { render };
