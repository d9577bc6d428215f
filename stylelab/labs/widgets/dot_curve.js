// A drawing with a button on each of its dots.

function render({ model, el }) {
  const frame = add(el, "div", "sl-tradeoff");
  const image = add(frame, "img", "");
  const dots = add(frame, "div", "sl-dots");
  dots.role = "group";
  dots.ariaLabel = _("Pictures on the curve");
  let keys = [];

  function showDrawing() {
    URL.revokeObjectURL(image.src);
    const kind = { type: "image/svg+xml" };
    image.src = URL.createObjectURL(new Blob([model.get("drawing")], kind));
  }

  function showDots() {
    const all = model.get("dots");
    keys = all.map(({ key }) => key);
    const addDot = (parent) => {
      addButton(parent, "sl-dot", "", (button) => {
        send(model, "chosen", keys[[...dots.children].indexOf(button)]);
      });
    };
    resize(dots, all.length, addDot).forEach((dot, i) => {
      dot.ariaLabel = dot.title = all[i].name;
      dot.style.left = `${100 * all[i].left}%`;
      dot.style.top = `${100 * all[i].top}%`;
    });
    showChosen();
  }

  function showChosen() {
    [...dots.children].forEach((dot, i) => {
      dot.ariaPressed = keys[i] === model.get("chosen");
    });
  }

  return follow(model, el, {
    drawing: showDrawing,
    label: () => (image.alt = model.get("label")),
    dots: showDots,
    chosen: showChosen,
  });
}

export default { render };
