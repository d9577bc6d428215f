// A visit: notices when the studio no longer answers, and takes downloads.

const EVERY = 3000; // milliseconds between two questions
const PATIENCE = 12000; // without an answer

function download({ name }, [content]) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "image/png" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// Voila ends the kernel of a page before it unloads; phones tell only that it hides.
function leave(event) {
  if (event.persisted) return; // it may come back
  const { baseUrl, kernelId } = JSON.parse(
    document.getElementById("jupyter-config-data")?.textContent ?? "{}",
  );
  if (kernelId) navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`);
}

function render({ model, el }) {
  const bar = document.createElement("div");
  bar.className = "st-lost";
  bar.setAttribute("role", "alert");
  el.append(bar);
  let answered = Date.now();
  let asked = answered;

  function show(lost) {
    if (lost === Boolean(bar.firstChild)) return;
    bar.replaceChildren();
    if (!lost) return;
    const button = document.createElement("button");
    button.textContent = "Reload this page";
    button.onclick = () => location.reload();
    bar.append("The studio does not answer. If it stays so: ", button);
  }

  function heard(content, buffers) {
    answered = Date.now();
    show(false);
    if (content.name) download(content, buffers);
  }

  function ask() {
    const now = Date.now();
    // A page in the background sleeps: that is not the studio's silence.
    if (now - asked > 3 * EVERY) answered = now;
    asked = now;
    show(now - answered > PATIENCE);
    try {
      model.send({ ask: now });
    } catch {
      // The connection is closed: the silence will be noticed.
    }
  }

  // A picture dropped beside its place must not replace the page.
  const ignore = (event) => event.preventDefault();
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, ignore);
  window.addEventListener("pagehide", leave);
  model.on("msg:custom", heard);
  const timer = setInterval(ask, EVERY);
  return () => {
    clearInterval(timer);
    model.off("msg:custom", heard);
    window.removeEventListener("pagehide", leave);
    for (const kind of ["dragover", "drop"]) window.removeEventListener(kind, ignore);
  };
}

export default { render };
