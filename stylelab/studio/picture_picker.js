// Pictures to choose from, and the visitor's own: by button or dropped.

function addPicture(parent, bytes, alt) {
  const image = add(parent, "img", "");
  Object.assign(image, { alt, draggable: false });
  image.src = URL.createObjectURL(new Blob([bytes]));
  image.onload = () => URL.revokeObjectURL(image.src);
}

function render({ model, el }) {
  const [label, most] = [model.get("label"), model.get("most")];
  const section = add(el, "section", "st-picker");
  section.ariaLabel = label;
  add(section, "h2", "st-title", label);
  const frame = add(section, "div", "st-frame");
  const caption = add(section, "p", "st-caption");
  const list = add(section, "div", "st-thumbs");
  Object.assign(list, { role: "group", ariaLabel: `${label}: samples` });
  const file = add(section, "input", "st-file");
  const accept = model.get("accept");
  Object.assign(file, { type: "file", accept, ariaLabel: `${label}: your own` });
  const mix = document.createElement("input");
  mix.type = "checkbox";
  if (most > 1) add(section, "label", "st-mix").append(mix, `Mix up to ${most}`);
  const alert = add(section, "p", "sl-alert");
  alert.role = "alert";

  function addButton(text, className) {
    const button = add(list, "button", `st-thumb ${className}`, text);
    button.type = "button";
    return button;
  }

  function showItems() {
    list.replaceChildren();
    for (const { key, title, thumb } of model.get("items")) {
      const button = addButton("", "");
      button.dataset.key = key;
      button.title = button.ariaLabel = title;
      addPicture(button, thumb, "");
      button.onclick = () => choose(key);
    }
    addButton("Your own", "st-own").onclick = () => file.click();
    showChosen();
  }

  function showChosen() {
    const chosen = model.get("chosen");
    for (const button of list.querySelectorAll("[data-key]")) {
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
  }

  // Through the model, so that Python can take it back.
  function say(text) {
    model.set("message", text);
    model.save_changes();
  }

  async function upload([picture]) {
    file.value = ""; // so that the same file can be given again
    if (!picture) return;
    say("Looking at the picture …");
    const content = await madeSmall(picture, model.get("longest"));
    const [size, most] = [content.byteLength / 1e6, model.get("megabytes")];
    if (size > most) {
      const accepted = `accepted are pictures up to ${most} MB.`;
      say(`'${picture.name}' is a file of ${Math.round(size)} MB; ${accepted}`);
    } else model.send({ name: picture.name, mix: mix.checked }, undefined, [content]);
  }

  file.onchange = () => upload(file.files);
  section.ondragover = section.ondragleave = section.ondrop = (event) => {
    event.preventDefault();
    section.classList.toggle("st-hover", event.type === "dragover");
    if (event.type === "drop") upload(event.dataTransfer.files);
  };
  const shows = {
    items: showItems,
    chosen: showChosen,
    large() {
      frame.replaceChildren();
      for (const bytes of model.get("large")) addPicture(frame, bytes, label);
    },
    caption: () => (caption.textContent = model.get("caption")),
    message: () => (alert.textContent = model.get("message")),
  };
  for (const [name, show] of Object.entries(shows)) {
    model.on(`change:${name}`, show);
    show();
  }
}

export default { render };
