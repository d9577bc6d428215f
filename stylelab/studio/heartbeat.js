// Asks the kernel every few seconds, says when it no longer answers, takes downloads.

const EVERY = 3000; // milliseconds between two questions
const PATIENCE = 12000; // milliseconds without an answer

function download(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "image/png" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// On a computer Voila ends the kernel of a page that is left. Phones send no such event:
// they only hide the page.
function leave(event) {
  if (event.persisted) return; // the visitor may come back to it
  const config = document.getElementById("jupyter-config-data")?.textContent ?? "{}";
  const { baseUrl, kernelId } = JSON.parse(config);
  if (kernelId) navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`);
}

function render({ model, el }) {
  const bar = add(el, "div", "st-lost");
  bar.role = "alert";
  let answered = Date.now();
  let asked = answered;

  function show(lost) {
    if (lost === Boolean(bar.firstChild)) return;
    bar.replaceChildren();
    if (!lost) return;
    bar.append("The studio does not answer. If it stays so: ");
    add(bar, "button", "", "Reload this page").onclick = () => location.reload();
  }

  function ask() {
    const now = Date.now();
    // A page in the background sleeps: that does not mean that the studio is silent.
    if (now - asked > 3 * EVERY) answered = now;
    asked = now;
    show(now - answered > PATIENCE);
    model.send({}); // throws when the connection is closed: then no answer comes
  }

  model.on("msg:custom", ({ name }, [content]) => {
    answered = Date.now();
    show(false);
    if (name) download(name, content);
  });
  window.addEventListener("pagehide", leave);
  // A picture dropped beside its place must not replace the page.
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => event.preventDefault());
  }
  setInterval(ask, EVERY);
}

export default { render };
