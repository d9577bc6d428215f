// A page of small pictures, one of which is chosen. They arrive as one strip.

function fill(button, { key, name, strengths, alt }) {
  button.dataset.key = key;
  button.setAttribute("aria-label", alt);
  button.querySelector(".sl-name").textContent = name;
  const bars = resize(button.querySelector(".sl-bars"), strengths.length, (parent) => {
    add(add(parent, "span", "sl-bar"), "span", "sl-fill");
  });
  bars.forEach((bar, i) => (bar.firstChild.style.width = `${100 * strengths[i]}%`));
}

function render({ model, el }) {
  const list = add(el, "div", "sl-tiles");
  list.setAttribute("role", "listbox");
  list.onkeydown = move;
  const choose = (button) => send(model, "chosen", Number(button.dataset.key));
  let newest = 0;

  function addTile() {
    const button = addButton(list, "sl-tile", "", choose);
    button.setAttribute("role", "option");
    add(button, "canvas", "sl-map");
    add(button, "span", "sl-name");
    add(button, "span", "sl-bars");
  }

  async function showPage() {
    const mine = ++newest;
    const { strip, tiles } = model.get("page");
    const bitmap = await createImageBitmap(new Blob([strip]));
    if (mine !== newest) return; // a later page was quicker
    const { width } = bitmap;
    const height = bitmap.height / tiles.length;
    list.style.setProperty("--aspect", width / height);
    resize(list, tiles.length, addTile).forEach((button, i) => {
      fill(button, tiles[i]);
      const canvas = Object.assign(button.querySelector("canvas"), { width, height });
      canvas.getContext("2d").drawImage(bitmap, 0, -i * height);
    });
    showChosen();
  }

  function showChosen() {
    for (const button of list.children) {
      const chosen = Number(button.dataset.key) === model.get("chosen");
      setAttributes(button, { "aria-selected": chosen, tabindex: chosen ? 0 : -1 });
    }
  }

  function move(event) {
    const arrow = takeArrow(event);
    if (!arrow) return;
    const buttons = [...list.children];
    const top = buttons[0].offsetTop;
    const columns = buttons.filter((button) => button.offsetTop === top).length;
    const next = buttons[buttons.indexOf(event.target) + arrow[0] + columns * arrow[1]];
    if (!next) return;
    next.focus();
    choose(next);
  }

  return follow(model, el, {
    page: showPage,
    chosen: showChosen,
    label: () => list.setAttribute("aria-label", model.get("label")),
  });
}

export default { render };
