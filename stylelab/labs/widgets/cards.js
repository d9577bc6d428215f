// Cards side by side. Their elements stay while their contents change: no flicker.

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

function fill(card, { title, hue, facts, figures }) {
  card.style.setProperty("--hue", hue);
  card.querySelector("h4").textContent = title;
  const spans = resize(card.querySelector(".sl-facts"), facts.length, addFact);
  facts.forEach((fact, i) => {
    fact.forEach((text, j) => (spans[i].children[j].textContent = text));
  });
  const places = resize(card.querySelector(".sl-figures"), figures.length, addFigure);
  figures.forEach(({ picture, caption, alt, inner }, i) => {
    const image = places[i].querySelector("img");
    image.alt = alt;
    showPicture(image, picture);
    const corner = (1 - inner) / 2;
    for (const rect of places[i].querySelectorAll("rect")) {
      setAttributes(rect, { x: corner, y: corner, width: inner, height: inner });
      rect.style.display = inner ? "" : "none";
    }
    places[i].querySelector("figcaption").textContent = caption;
  });
}

function render({ model, el }) {
  const list = add(el, "div", "sl-cards");
  const show = () => {
    const cards = model.get("cards");
    resize(list, cards.length, addCard).forEach((card, i) => fill(card, cards[i]));
  };
  return follow(model, el, { cards: show });
}

export default { render };
