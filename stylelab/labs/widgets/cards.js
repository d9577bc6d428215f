// Cards side by side. Their elements stay while their contents change: no flicker.

function resize(parent, count, make) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) make(parent);
  return [...parent.children];
}

function addCard(parent) {
  const card = add(parent, "section", "sl-card");
  add(card, "h4", "sl-title");
  add(card, "div", "sl-facts");
  add(card, "div", "sl-figures");
}

function addFact(parent) {
  const fact = add(parent, "span", "sl-fact");
  add(fact, "b", "sl-number");
  add(fact, "span", "sl-unit");
}

function addFigure(parent) {
  const figure = add(parent, "figure", "sl-figure");
  const frame = add(figure, "div", "sl-frame");
  add(frame, "img", "sl-patch");
  const box = { viewBox: "0 0 1 1", "aria-hidden": true };
  const square = addSvg(frame, "svg", "sl-over", box);
  for (const kind of ["sl-casing", "sl-line"]) addSvg(square, "rect", kind);
  add(figure, "figcaption", "sl-caption");
}

function showInner(rects, side) {
  const place = { x: (1 - side) / 2, y: (1 - side) / 2, width: side, height: side };
  for (const rect of rects) {
    setAttributes(rect, place);
    rect.style.display = side ? "" : "none";
  }
}

function fill(card, { title, hue, facts, figures }) {
  card.style.setProperty("--hue", hue);
  card.querySelector("h4").textContent = title;
  const spans = resize(card.querySelector(".sl-facts"), facts.length, addFact);
  facts.forEach(([number, unit], i) => {
    spans[i].children[0].textContent = number;
    spans[i].children[1].textContent = unit;
  });
  const places = resize(card.querySelector(".sl-figures"), figures.length, addFigure);
  figures.forEach(({ picture, caption, alt, inner }, i) => {
    const image = places[i].querySelector("img");
    image.alt = alt;
    showPicture(image, picture);
    showInner(places[i].querySelectorAll("rect"), inner);
    places[i].querySelector("figcaption").textContent = caption;
  });
}

function render({ model, el }) {
  const list = add(el, "div", "sl-cards");
  return follow(model, el, {
    cards: () => {
      const cards = model.get("cards");
      resize(list, cards.length, addCard).forEach((card, i) => fill(card, cards[i]));
    },
  });
}

export default { render };
