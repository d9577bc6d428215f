// What the widgets share: Python puts this file before the code of each of them.

const SVG = "http://www.w3.org/2000/svg";

const clip = (value, low, high) => Math.max(low, Math.min(high, value));

function add(parent, tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}

function addSvg(parent, tag, className) {
  const element = document.createElementNS(SVG, tag);
  element.setAttribute("class", className);
  parent.append(element);
  return element;
}
