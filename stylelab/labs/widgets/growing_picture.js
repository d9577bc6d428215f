// A picture that grows, its progress, and its loss as a curve in powers of ten. After
// the run a slider goes back over the pictures that the browser has received.

const WIDTH = 400;
const HEIGHT = 100;
const DIGITS = { notation: "compact", maximumSignificantDigits: 3 };
const digits = new Intl.NumberFormat(_("en"), DIGITS);
const PARTS = [
  "", "", _("half"), _("a third"), _("a quarter"), _("a fifth"), _("a sixth"),
  _("a seventh"), _("an eighth"), _("a ninth"), _("a tenth"),
];

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

// A share from 0 to 1 in words: "an eighth of that".
function part(share) {
  const count = Math.round(1 / share);
  const words = PARTS[count] || `1/${digits.format(count)}`;
  return filled(_("{} of that"), count < 2 ? `${Math.round(100 * share)} %` : words);
}

function sentence(first, now) {
  const [from, to] = [first, now].map(digits.format);
  const words = filled(_("Loss on a log scale: {} at first, {} now"), from, to);
  return now > 0 && now < 0.95 * first ? `${words}, ${part(now / first)}` : words;
}

function render({ model, el }) {
  const box = add(el, "div", "sl-run");
  const frame = add(box, "div", "sl-growing");
  const image = add(frame, "img", "sl-grown");
  const hint = add(frame, "p", "sl-hint");
  const words = add(box, "div", "sl-run-words");
  const bar = add(words, "div", "sl-progress");
  setAttributes(bar, { role: "progressbar", "aria-label": _("Progress of the run") });
  const done = add(bar, "div", "sl-fill");
  const standing = add(words, "div", "sl-standing");
  const frames = []; // of the last run: {step, picture}
  const showFilm = addFilm(words, ({ step, picture }) => {
    showPicture(image, picture);
    image.alt = filled(_("The picture after step {}"), step);
  });
  const losses = add(words, "div", "sl-losses");
  const sum = add(losses, "div", "sl-losses-words");
  const view = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" };
  const plot = addSvg(losses, "svg", "sl-curve", { role: "img", ...view });
  const line = addSvg(plot, "polyline", "sl-curve-line");

  function showValue() {
    const [picture, step] = [model.get("value"), model.get("step")];
    image.hidden = !picture.byteLength;
    hint.hidden = !image.hidden;
    showPicture(image, picture);
    image.alt = model.get("label");
    if (step && !image.hidden) addFrame(frames, { step, picture });
    showProgress();
  }

  function showProgress() {
    const status = model.get("status");
    const percent = Math.round((100 * model.get("step")) / model.get("total"));
    // Screen readers should say how the run ends, not every step.
    standing.ariaLive = model.get("busy") && model.get("step") ? "off" : "polite";
    standing.textContent = status;
    done.style.width = `${percent}%`;
    bar.hidden = !status;
    setAttributes(bar, { "aria-valuenow": percent, "aria-valuetext": status });
    const isOver = !model.get("busy") && model.get("step") > 0;
    showFilm(isOver ? frames : [], model.get("total"));
  }

  function showCurve() {
    const curve = model.get("curve");
    losses.hidden = curve.length < 2;
    if (losses.hidden) return;
    line.setAttribute("points", points(curve, model.get("total")).join(" "));
    sum.textContent = sentence(curve[0][1], curve.at(-1)[1]);
    plot.setAttribute("aria-label", `${_("A falling curve.")} ${sum.textContent}`);
  }

  // A button that is pressed and disabled would lose the focus to the page.
  function keepFocus() {
    const buttons = el.closest(":has(> .sl-buttons)")?.querySelector(".sl-buttons");
    setTimeout(() => {
      const now = document.activeElement;
      if (now !== document.body && !buttons?.contains(now)) return;
      if (now.disabled !== false) {
        buttons?.querySelector("button:enabled")?.focus({ preventScroll: true });
      }
    }, 100);
  }

  const end = follow(model, el, {
    run: () => (frames.length = 0),
    value: showValue,
    label: () => (image.alt = model.get("label")),
    hint: () => (hint.textContent = model.get("hint")),
    status: showProgress,
    step: showProgress,
    total: showProgress,
    busy: showProgress,
    curve: showCurve,
  });
  model.on("change:busy", keepFocus);
  return () => {
    end();
    model.off("change:busy", keepFocus);
  };
}

export default { render };
