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
  const square = addSvg(frame, "svg", "sl-inner");
  square.setAttribute("viewBox", "0 0 1 1");
  square.setAttribute("aria-hidden", "true");
  for (const kind of ["sl-casing", "sl-line"]) addSvg(square, "rect", kind);
  add(figure, "figcaption", "sl-caption");
}

function showImage(image, bytes, alt) {
  const old = image.src;
  image.alt = alt;
  image.src = URL.createObjectURL(new Blob([bytes]));
  if (old) URL.revokeObjectURL(old);
}

function showInner(rects, side) {
  for (const rect of rects) {
    rect.setAttribute("x", (1 - side) / 2);
    rect.setAttribute("y", (1 - side) / 2);
    rect.setAttribute("width", side);
    rect.setAttribute("height", side);
    rect.style.display = side ? "" : "none";
  }
}

function fill(card, { title, hue, facts, figures }) {
  card.style.setProperty("--hue", hue);
  card.querySelector("h4").textContent = title;
  const shown = resize(card.querySelector(".sl-facts"), facts.length, addFact);
  facts.forEach(([number, unit], i) => {
    shown[i].children[0].textContent = number;
    shown[i].children[1].textContent = unit;
  });
  const places = resize(card.querySelector(".sl-figures"), figures.length, addFigure);
  figures.forEach(({ picture, caption, alt, inner }, i) => {
    showImage(places[i].querySelector("img"), picture, alt);
    showInner(places[i].querySelectorAll("rect"), inner);
    places[i].querySelector("figcaption").textContent = caption;
  });
}

function render({ model, el }) {
  const list = add(el, "div", "sl-cards");
  function show() {
    const cards = model.get("cards");
    resize(list, cards.length, addCard).forEach((card, i) => fill(card, cards[i]));
  }
  model.on("change:cards", show);
  show();
  return () => {
    model.off("change:cards", show);
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  };
}

export default { render };
