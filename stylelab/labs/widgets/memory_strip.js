// The results of a lab's last runs: each a button with its picture and what made it.

function render({ model, el }) {
  const strip = add(el, "section", "sl-memory");
  strip.ariaLabel = _("Results so far");
  const list = add(strip, "div", "sl-memory-list");
  const compare = addButton(strip, "sl-tool", _("⇆ Compare"), () => {
    setComparing(compare.ariaPressed !== "true");
    if (compare.ariaPressed === "false") model.send({ compare: 0 });
  });
  const ask = _("Now choose another result.");
  const hint = add(strip, "span", "sl-note sl-memory-hint", ask);
  hint.role = "status";
  let keys = [];

  function setComparing(on) {
    compare.ariaPressed = on;
    showChosen();
  }

  function press(button) {
    const key = keys[[...list.children].indexOf(button)];
    model.send({ [compare.ariaPressed === "true" ? "compare" : "restore"]: key });
  }

  function addResult(parent) {
    const button = addButton(parent, "sl-kept", "", press);
    add(button, "img", "").alt = "";
    add(button, "span", "");
  }

  function showItems() {
    const items = model.get("items");
    keys = items.map(({ key }) => key);
    strip.hidden = !items.length;
    compare.hidden = items.length < 2;
    resize(list, items.length, addResult).forEach((button, i) => {
      button.title = button.lastChild.textContent = items[i].caption;
      showPicture(button.firstChild, items[i].thumb);
    });
    list.scrollLeft = 0;
    showChosen();
  }

  function showChosen() {
    const [chosen, against] = [model.get("chosen"), model.get("against")];
    hint.hidden = compare.ariaPressed !== "true" || against > 0;
    [...list.children].forEach((button, i) => {
      button.ariaPressed = [chosen, against].includes(keys[i]);
    });
  }

  // A run or a click in Python ends a comparison.
  function showAgainst() {
    setComparing(model.get("against") > 0);
  }

  compare.ariaPressed = false;
  return follow(model, el, {
    items: showItems, chosen: showChosen, against: showAgainst,
  });
}

export default { render };
