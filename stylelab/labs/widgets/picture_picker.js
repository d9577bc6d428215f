// Pictures to choose from, and the visitor's own: chosen, dropped, pasted, or from the
// camera. `compact`: all of it opens over the page.

function addPicture(parent, bytes, alt) {
  const image = add(parent, "img", "");
  Object.assign(image, { alt, draggable: false });
  image.src = URL.createObjectURL(new Blob([bytes]));
  image.onload = () => URL.revokeObjectURL(image.src);
}

// A picture that somebody pastes goes to the picker under the pointer, else to the one
// with the focus, else to the first that is open on the page.
function isMeant(section) {
  const find = (state) => document.querySelector(`.sl-picker${state}`);
  const meant = find(":hover") ?? find(":focus-within") ?? find(":not(.sl-compact)");
  return meant === section;
}

function render({ model, el }) {
  const [label, most, words] = ["label", "most", "words"].map((name) => model.get(name));
  const compact = model.get("compact");
  const section = add(el, "section", compact ? "sl-picker sl-compact" : "sl-picker");
  section.ariaLabel = label;
  add(section, compact ? "span" : "h2", "sl-picker-title", label);
  const open = () => dialog.showModal();
  const opener = compact && addButton(section, "sl-tool sl-opener", "", open);
  const dialog = compact && add(section, "dialog", "sl-dialog");
  if (compact) add(dialog, "h2", "sl-picker-title", label);
  const home = dialog || section;
  const own = add(home, "div", "sl-own");
  add(own, "span", "sl-drop", filled(words.drop, model.get("kind")));
  const file = addFile(words.file);
  const frame = add(section, "div", "sl-picked");
  const caption = add(section, "p", "sl-credit");
  const list = add(home, "div", "sl-thumbs");
  setAttributes(list, { role: "group", "aria-label": `${label}: ${words.samples}` });
  const mix = document.createElement("input");
  mix.type = "checkbox";
  if (most > 1) add(home, "label", "sl-mix").append(mix, filled(words.mix, most));
  const alert = add(section, "p", "sl-alert");
  alert.role = "alert";
  if (compact) {
    opener.ariaHasPopup = "dialog";
    setAttributes(dialog, { closedby: "any", "aria-label": label });
    addButton(dialog, "sl-tool", words.close, close);
  }

  function close() {
    if (dialog) dialog.close();
  }

  // A button for a hidden input of files.
  function addFile(text, more = {}) {
    const input = add(own, "input", "sl-file");
    setAttributes(input, { type: "file", accept: model.get("accept"), ...more });
    input.hidden = true;
    input.onchange = () => take(input.files);
    addButton(own, "sl-tool", text, () => input.click());
    return input;
  }

  // A phone has an app for its camera; elsewhere there may be a webcam.
  async function addCamera() {
    if (matchMedia("(pointer: coarse)").matches) {
      addFile(words.camera, { accept: "image/*", capture: "environment" });
      return;
    }
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    if (!devices.some(({ kind }) => kind === "videoinput")) return;
    addButton(own, "sl-tool", words.camera, () => {
      close();
      openCamera(section, words, say, (video) => upload("camera.jpg", video));
    });
  }

  function showItems() {
    list.replaceChildren();
    for (const { key, name, title, thumb } of model.get("items")) {
      const button = addButton(list, "sl-thumb", "", () => choose(key));
      button.dataset.key = key;
      button.title = button.ariaLabel = title;
      if (thumb.byteLength) addPicture(button, thumb, "");
      add(button, "span", "sl-thumb-name", name);
    }
    showChosen();
  }

  function showChosen() {
    const chosen = model.get("chosen");
    for (const button of list.children) {
      button.ariaPressed = chosen.includes(button.dataset.key);
    }
  }

  function choose(key) {
    let chosen = model.get("chosen");
    if (!mix.checked) chosen = [key];
    else if (!chosen.includes(key)) chosen = [...chosen, key].slice(-most);
    else if (chosen.length > 1) chosen = chosen.filter((other) => other !== key);
    model.set("chosen", chosen);
    say("");
    if (!mix.checked) close();
  }

  // Through the model, so that Python can take it back.
  const say = (text) => send(model, "message", text);

  function take([picture]) {
    file.value = ""; // so that the same file can be given again
    if (picture) upload(picture.name, picture);
  }

  async function upload(name, source) {
    close();
    say(words.looking);
    const content = await madeSmall(source, model.get("longest"));
    const [size, limit] = [content.byteLength / 1e6, model.get("megabytes")];
    if (size > limit) say(filled(words.heavy, name, Math.round(size), limit));
    else model.send({ name, mix: mix.checked }, undefined, [content]);
  }

  section.ondragover = section.ondragleave = section.ondrop = (event) => {
    event.preventDefault();
    section.classList.toggle("sl-hover", event.type === "dragover");
    if (event.type === "drop") take(event.dataTransfer.files);
  };
  function paste({ target, clipboardData }) {
    const isText = target.closest?.("input, textarea, [contenteditable=true]");
    if (!isText && isMeant(section)) take(clipboardData.files);
  }
  document.addEventListener("paste", paste);
  addCamera();
  const free = follow(model, el, {
    items: showItems,
    chosen: showChosen,
    large() {
      frame.replaceChildren();
      for (const bytes of model.get("large")) addPicture(frame, bytes, label);
    },
    caption() {
      caption.textContent = model.get("caption");
      if (!opener) return;
      opener.textContent = `${model.get("title")} ▾`;
      opener.ariaLabel = `${label}: ${model.get("title")}, ${words.change}`;
    },
    message: () => (alert.textContent = model.get("message")),
  });
  return () => {
    document.removeEventListener("paste", paste);
    for (const one of section.querySelectorAll("dialog")) one.close();
    free();
  };
}

export default { render };
