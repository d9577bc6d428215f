// Pictures to choose from, and one's own: by button or dropped.

class Picker {
  constructor(model, el) {
    this.model = model;
    this.urls = [];
    this.build(add(el, "section", "st-picker"));
    this.shows = {
      items: () => this.showItems(),
      chosen: () => this.showChosen(),
      shown: () => this.showPictures(),
      caption: () => (this.caption.textContent = model.get("caption")),
      message: () => (this.alert.textContent = model.get("message")),
    };
    for (const [name, show] of Object.entries(this.shows)) {
      model.on(`change:${name}`, show);
      show();
    }
  }

  build(section) {
    const label = this.model.get("label");
    section.setAttribute("aria-label", label);
    add(section, "h2", "st-title", label);
    this.frame = add(section, "div", "st-frame");
    this.caption = add(section, "p", "st-caption");
    this.list = add(section, "div", "st-thumbs");
    this.list.setAttribute("role", "group");
    this.list.setAttribute("aria-label", `${label}: samples`);
    this.input = add(section, "input", "st-file");
    this.input.type = "file";
    this.input.accept = "image/*";
    this.input.setAttribute("aria-label", `${label}: your own`);
    this.input.onchange = () => this.take(this.input.files);
    if (this.model.get("most") > 1) this.addMix(section);
    this.alert = add(section, "p", "st-alert");
    this.alert.setAttribute("role", "alert");
    this.listen(section);
  }

  addMix(section) {
    const label = add(section, "label", "st-mix");
    this.mix = add(label, "input", "");
    this.mix.type = "checkbox";
    label.append(`Mix up to ${this.model.get("most")}`);
  }

  listen(section) {
    const hover = (on) => section.classList.toggle("st-hover", on);
    section.ondragover = (event) => {
      event.preventDefault();
      hover(true);
    };
    section.ondragleave = () => hover(false);
    section.ondrop = (event) => {
      event.preventDefault();
      hover(false);
      this.take(event.dataTransfer.files);
    };
  }

  close() {
    for (const [name, show] of Object.entries(this.shows)) {
      this.model.off(`change:${name}`, show);
    }
    this.urls.forEach((url) => URL.revokeObjectURL(url));
  }

  picture(parent, bytes, alt) {
    const image = add(parent, "img", "");
    image.src = URL.createObjectURL(new Blob([bytes]));
    this.urls.push(image.src);
    image.alt = alt;
    image.draggable = false;
    return image;
  }

  showItems() {
    this.list.replaceChildren();
    for (const { key, title, thumb } of this.model.get("items")) {
      const button = add(this.list, "button", "st-thumb");
      button.type = "button";
      button.dataset.key = key;
      button.title = title;
      button.setAttribute("aria-label", title);
      this.picture(button, thumb, "");
      button.onclick = () => this.choose(key);
    }
    const own = add(this.list, "button", "st-thumb st-own", "Your own");
    own.type = "button";
    own.onclick = () => this.input.click();
    this.showChosen();
  }

  showChosen() {
    const chosen = this.model.get("chosen");
    for (const button of this.list.querySelectorAll("[data-key]")) {
      button.setAttribute("aria-pressed", chosen.includes(button.dataset.key));
    }
  }

  showPictures() {
    this.frame.replaceChildren();
    const label = this.model.get("label");
    this.model.get("shown").forEach((bytes) => this.picture(this.frame, bytes, label));
  }

  // Through the model, so that Python can take it back.
  tell(text) {
    this.model.set("message", text);
    this.model.save_changes();
  }

  choose(key) {
    let chosen = this.model.get("chosen");
    if (!this.mix?.checked) chosen = [key];
    else if (!chosen.includes(key)) chosen = [...chosen, key].slice(-this.model.get("most"));
    else if (chosen.length > 1) chosen = chosen.filter((one) => one !== key);
    this.model.set("message", "");
    this.model.set("chosen", chosen);
    this.model.save_changes();
  }

  async take(files) {
    const [file] = files;
    this.input.value = ""; // so that the same file can be given again
    if (!file) return;
    const most = this.model.get("megabytes");
    if (file.size > most * 1e6) {
      const size = Math.round(file.size / 1e6);
      this.tell(`'${file.name}' is a file of ${size} MB; accepted are pictures up to ${most} MB.`);
      return;
    }
    const content = await file.arrayBuffer();
    this.tell("Looking at the picture …");
    this.model.send({ name: file.name, mix: !!this.mix?.checked }, undefined, [content]);
  }
}

function render({ model, el }) {
  const picker = new Picker(model, el);
  return () => picker.close();
}

export default { render };
