// A page of small pictures, one of which is chosen. They arrive as one strip.

class Page {
  constructor(model, el) {
    this.model = model;
    this.newest = 0;
    this.list = add(el, "div", "sl-tiles");
    this.list.setAttribute("role", "listbox");
    this.list.dataset.lmSuppressShortcuts = "true"; // or the notebook takes the keys
    this.list.onkeydown = (event) => this.move(event);
    this.shows = {
      page: () => this.showPage(),
      chosen: () => this.showChosen(),
      label: () => this.showLabel(),
    };
    for (const [name, show] of Object.entries(this.shows)) {
      model.on(`change:${name}`, show);
    }
    this.showPage();
    this.showLabel();
  }

  close() {
    for (const [name, show] of Object.entries(this.shows)) {
      this.model.off(`change:${name}`, show);
    }
  }

  async showPage() {
    const mine = ++this.newest;
    const { strip, tiles } = this.model.get("page");
    const bitmap = await createImageBitmap(new Blob([strip]));
    if (mine !== this.newest) return; // a later page was quicker
    const { list } = this;
    while (list.children.length > tiles.length) list.lastChild.remove();
    while (list.children.length < tiles.length) this.addTile();
    const height = bitmap.height / tiles.length;
    list.style.setProperty("--aspect", bitmap.width / height);
    tiles.forEach((tile, i) => {
      this.fill(list.children[i], tile);
      this.paint(list.children[i].querySelector("canvas"), bitmap, height, i);
    });
    this.showChosen();
  }

  addTile() {
    const button = add(this.list, "button", "sl-tile");
    button.type = "button";
    button.setAttribute("role", "option");
    add(button, "canvas", "sl-map");
    add(button, "span", "sl-name");
    add(add(button, "span", "sl-bar"), "span", "sl-fill");
    button.onclick = () => this.choose(button);
  }

  fill(button, { key, name, strength, alt }) {
    button.dataset.key = key;
    button.setAttribute("aria-label", alt);
    button.querySelector(".sl-name").textContent = name;
    button.querySelector(".sl-fill").style.width = `${100 * strength}%`;
  }

  paint(canvas, bitmap, height, i) {
    canvas.width = bitmap.width;
    canvas.height = height;
    canvas.getContext("2d").drawImage(bitmap, 0, -i * height);
  }

  showChosen() {
    for (const button of this.list.children) {
      const is = Number(button.dataset.key) === this.model.get("chosen");
      button.setAttribute("aria-selected", is);
      button.tabIndex = is ? 0 : -1;
    }
  }

  showLabel() {
    this.list.setAttribute("aria-label", this.model.get("label"));
  }

  choose(button) {
    this.model.set("chosen", Number(button.dataset.key));
    this.model.save_changes();
  }

  move(event) {
    const buttons = [...this.list.children];
    const top = buttons[0].offsetTop;
    const columns = buttons.filter((button) => button.offsetTop === top).length;
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    Object.assign(moves, { ArrowUp: -columns, ArrowDown: columns });
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = buttons[buttons.indexOf(event.target) + moves[event.key]];
    if (!next) return;
    next.focus();
    this.choose(next);
  }
}

function render({ model, el }) {
  const page = new Page(model, el);
  return () => page.close();
}

export default { render };
