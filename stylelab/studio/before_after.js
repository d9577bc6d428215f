// The photo and what became of it, one over the other, with a line to drag between.

const FIRST = 15; // percent: a result is seen nearly whole, and that it can be compared
const KEYS = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2 };
const FAR = { Home: 0, End: 100, PageUp: 100, PageDown: 0 };

class Divider {
  constructor(model, el) {
    this.model = model;
    this.stage = add(el, "div", "st-divider");
    this.images = ["after", "before"].map((name) => add(this.stage, "img", `st-${name}`));
    this.line = add(this.stage, "div", "st-line");
    add(this.stage, "span", "st-tag st-left", "before").ariaHidden = "true";
    add(this.stage, "span", "st-tag st-right", "after").ariaHidden = "true";
    this.label();
    this.listen();
    this.shows = { after: () => this.show(0), before: () => this.show(1) };
    for (const [name, show] of Object.entries(this.shows)) {
      model.on(`change:${name}`, show);
      show();
    }
  }

  label() {
    const { stage } = this;
    stage.tabIndex = 0;
    stage.setAttribute("role", "slider");
    stage.setAttribute("aria-label", "How much of the photo is shown, in percent");
    stage.setAttribute("aria-valuemin", 0);
    stage.setAttribute("aria-valuemax", 100);
    stage.dataset.lmSuppressShortcuts = "true"; // or the notebook takes the keys
    this.images[0].alt = "The new picture";
    this.images[1].alt = "The photo";
    for (const image of this.images) image.draggable = false;
    this.images[0].onload = ({ target }) => {
      stage.style.setProperty("--aspect", target.naturalWidth / target.naturalHeight);
    };
  }

  listen() {
    const { stage } = this;
    stage.onpointerdown = (event) => {
      if (event.button) return;
      event.preventDefault();
      stage.focus({ preventScroll: true });
      stage.setPointerCapture(event.pointerId);
      this.follow(event);
    };
    stage.onpointermove = (event) => {
      if (stage.hasPointerCapture(event.pointerId)) this.follow(event);
    };
    stage.onkeydown = (event) => {
      const to = event.key in KEYS ? this.at + KEYS[event.key] : FAR[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.put(to);
    };
  }

  follow(event) {
    const { left, width } = this.stage.getBoundingClientRect();
    this.put((100 * (event.clientX - left)) / width);
  }

  put(at) {
    this.at = Math.max(0, Math.min(100, at));
    this.images[1].style.clipPath = `inset(0 ${100 - this.at}% 0 0)`;
    this.line.style.left = `${this.at}%`;
    this.stage.setAttribute("aria-valuenow", Math.round(this.at));
  }

  show(i) {
    const image = this.images[i];
    const bytes = this.model.get(["after", "before"][i]);
    URL.revokeObjectURL(image.src);
    image.hidden = !bytes.byteLength;
    this.put(FIRST);
    if (bytes.byteLength) image.src = URL.createObjectURL(new Blob([bytes]));
  }

  close() {
    for (const [name, show] of Object.entries(this.shows)) {
      this.model.off(`change:${name}`, show);
    }
    this.images.forEach((image) => URL.revokeObjectURL(image.src));
  }
}

function render({ model, el }) {
  const divider = new Divider(model, el);
  return () => divider.close();
}

export default { render };
