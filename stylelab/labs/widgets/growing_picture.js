// A picture that grows, its progress, and its loss as a curve in powers of ten.

const WIDTH = 400;
const HEIGHT = 100;
const DIGITS = { notation: "compact", maximumSignificantDigits: 3 };
const digits = new Intl.NumberFormat("en", DIGITS);

// The points of a curve of [step, loss], as SVG takes them.
function points(curve, steps) {
  const losses = curve.map(([, loss]) => loss);
  const top = Math.max(...losses);
  // A loss of exactly 0 has no place on a scale of powers.
  const logs = losses.map((loss) => Math.log(Math.max(loss, 1e-6 * top)));
  const low = Math.min(...logs);
  const range = Math.max(Math.log(top) - low, 1e-9);
  const last = Math.max(steps, 2);
  return curve.map(([step], i) => {
    const x = ((step - 1) / (last - 1)) * WIDTH;
    const y = HEIGHT - ((logs[i] - low) / range) * (HEIGHT - 6) - 3;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
}

function sentence(first, now) {
  const words = `Loss: ${digits.format(first)} at first, ${digits.format(now)} now`;
  const times = first / now;
  return times > 1.2 ? `${words}, ${digits.format(times)} times less` : words;
}

function render({ model, el }) {
  const frame = add(el, "div", "sl-growing");
  const image = add(frame, "img", "sl-grown");
  const hint = add(frame, "p", "sl-hint");
  const bar = add(el, "div", "sl-progress");
  setAttributes(bar, { role: "progressbar", "aria-label": "Progress of the run" });
  const done = add(bar, "div", "sl-fill");
  const standing = add(el, "div", "sl-standing");
  const losses = add(el, "div", "sl-losses");
  const words = add(losses, "div", "sl-losses-words");
  const box = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" };
  const plot = addSvg(losses, "svg", "sl-curve", { role: "img", ...box });
  const line = addSvg(plot, "polyline", "sl-curve-line");

  function showValue() {
    const value = model.get("value");
    image.hidden = !value.byteLength;
    hint.hidden = !image.hidden;
    showPicture(image, value);
  }

  function showProgress() {
    const status = model.get("status");
    const percent = Math.round((100 * model.get("step")) / model.get("total"));
    // Screen readers should say how the run ends, not every step.
    standing.ariaLive = status.startsWith("Step") ? "off" : "polite";
    standing.textContent = status;
    done.style.width = `${percent}%`;
    bar.hidden = !status;
    setAttributes(bar, { "aria-valuenow": percent, "aria-valuetext": status });
  }

  function showCurve() {
    const curve = model.get("curve");
    losses.hidden = curve.length < 2;
    if (losses.hidden) return;
    line.setAttribute("points", points(curve, model.get("total")).join(" "));
    words.textContent = sentence(curve[0][1], curve.at(-1)[1]);
    plot.setAttribute("aria-label", `A falling curve. ${words.textContent}`);
  }

  return follow(model, el, {
    value: showValue,
    label: () => (image.alt = model.get("label")),
    hint: () => (hint.textContent = model.get("hint")),
    status: showProgress,
    step: showProgress,
    total: showProgress,
    curve: showCurve,
  });
}

export default { render };
