// A slider over the pictures of a run that the browser has received already.

const FRAMES = 60; // that are kept of a run

// Adds a frame, which has its step. Of too many, drops first those that are nearest to
// their neighbours; never the first, nor the last.
function addFrame(frames, frame) {
  // The result comes with the step of the last picture, in its place.
  if (frames.at(-1)?.step === frame.step) frames.pop();
  frames.push(frame);
  while (frames.length > FRAMES) {
    const gap = (i) => frames[i + 1].step - frames[i - 1].step;
    let least = 1;
    for (let i = 2; i < frames.length - 1; i++) if (gap(i) < gap(least)) least = i;
    frames.splice(least, 1);
  }
}

// `look` gets the frame that is chosen. Returns what shows the slider at the end of some
// frames of `total` steps, and hides it where there are fewer than two.
function addFilm(parent, look) {
  const label = add(parent, "label", "sl-film", `${_("Step")} `);
  const range = add(label, "input", "");
  Object.assign(range, { type: "range", min: 0, ariaLabel: _("Step of the run") });
  const where = add(label, "span", "sl-note");
  let [frames, total] = [[], 0];

  function showPlace() {
    where.textContent = filled(_("{} of {}"), frames[range.value].step, total);
    range.ariaValueText = `${_("step")} ${where.textContent}`;
  }

  range.oninput = () => {
    look(frames[range.value]);
    showPlace();
  };

  return (found, steps) => {
    [frames, total] = [found, steps];
    label.hidden = frames.length < 2;
    if (label.hidden) return;
    range.max = frames.length - 1;
    range.value = range.max; // after its limit, which would else cut it off
    showPlace();
  };
}
