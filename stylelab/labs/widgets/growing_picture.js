// A picture that grows, its progress, and its loss as a curve in powers of ten.

const WIDTH = 400;
const HEIGHT = 100;

const short = new Intl.NumberFormat("en", {
  notation: "compact",
  maximumSignificantDigits: 3,
});

class Growing {
  constructor(model, el) {
    this.model = model;
    const frame = add(el, "div", "sl-growing");
    this.image = add(frame, "img", "sl-grown");
    this.hint = add(frame, "p", "sl-hint");
    this.bar = add(el, "div", "sl-progress");
    this.done = add(this.bar, "div", "sl-fill");
    this.bar.setAttribute("role", "progressbar");
    this.bar.setAttribute("aria-label", "Progress of the run");
    this.status = add(el, "div", "sl-standing");
    this.drawFrame(el);
    this.listen();
  }

  drawFrame(el) {
    this.losses = add(el, "div", "sl-losses");
    this.words = add(this.losses, "div", "sl-losses-words");
    this.plot = addSvg(this.losses, "svg", "sl-curve");
    this.plot.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    this.plot.setAttribute("preserveAspectRatio", "none");
    this.plot.setAttribute("role", "img");
    this.line = addSvg(this.plot, "polyline", "sl-curve-line");
  }

  listen() {
    this.shows = {
      value: () => this.showPicture(),
      label: () => (this.image.alt = this.model.get("label")),
      hint: () => (this.hint.textContent = this.model.get("hint")),
      status: () => this.showProgress(),
      step: () => this.showProgress(),
      total: () => this.showProgress(),
      curve: () => this.showCurve(),
    };
    for (const [name, show] of Object.entries(this.shows)) {
      this.model.on(`change:${name}`, show);
      show();
    }
  }

  close() {
    for (const [name, show] of Object.entries(this.shows)) {
      this.model.off(`change:${name}`, show);
    }
    URL.revokeObjectURL(this.image.src);
  }

  showPicture() {
    const value = this.model.get("value");
    const old = this.image.src;
    this.image.hidden = !value.byteLength;
    this.hint.hidden = !!value.byteLength;
    if (!value.byteLength) return;
    this.image.src = URL.createObjectURL(new Blob([value]));
    URL.revokeObjectURL(old);
  }

  showProgress() {
    const status = this.model.get("status");
    const share = this.model.get("step") / this.model.get("total");
    const percent = Math.round(100 * share);
    // Read aloud when it ends, not at every step.
    this.status.ariaLive = status.startsWith("Step") ? "off" : "polite";
    this.status.textContent = status;
    this.done.style.width = `${percent}%`;
    this.bar.hidden = !status;
    this.bar.setAttribute("aria-valuenow", percent);
    this.bar.setAttribute("aria-valuetext", status);
  }

  showCurve() {
    const curve = this.model.get("curve");
    this.losses.hidden = curve.length < 2;
    if (curve.length < 2) return;
    const losses = curve.map(([, loss]) => loss);
    const top = Math.max(...losses);
    // A loss of exactly 0 has no place on a scale of powers.
    const logs = losses.map((loss) => Math.log(Math.max(loss, 1e-6 * top)));
    const low = Math.min(...logs);
    const range = Math.max(Math.log(top) - low, 1e-9);
    const last = Math.max(this.model.get("total"), 2);
    const points = curve.map(([step], i) => {
      const x = ((step - 1) / (last - 1)) * WIDTH;
      const y = HEIGHT - ((logs[i] - low) / range) * (HEIGHT - 6) - 3;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    });
    this.line.setAttribute("points", points.join(" "));
    this.sayLosses(losses[0], losses[losses.length - 1]);
  }

  sayLosses(first, now) {
    const words = `Loss: ${short.format(first)} at first, ${short.format(now)} now`;
    const times = first / now;
    const gain = times > 1.2 ? `, ${short.format(times)} times less` : "";
    this.words.textContent = words + gain;
    this.plot.setAttribute("aria-label", `A falling curve. ${words}${gain}`);
  }
}

function render({ model, el }) {
  const growing = new Growing(model, el);
  model.send({ views: 1 });
  // A run that nobody can see or stop must not go on.
  const leave = () => model.send({ views: -1 });
  window.addEventListener("pagehide", leave);
  return () => {
    growing.close();
    window.removeEventListener("pagehide", leave);
    leave();
  };
}

export default { render };
