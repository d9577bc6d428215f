// Asks the kernel every few seconds, says when it no longer answers, and comes back by
// itself when the studio does; takes downloads.

const EVERY = 3000; // milliseconds between two questions
const PATIENCE = 12000; // milliseconds without an answer
const AWAKE = 4000; // the same, after the page has slept
const AGAIN = 12000; // for a connection that was made again
const BUSY = 60000; // for a kernel that is connected

const config = JSON.parse(
  document.getElementById("jupyter-config-data")?.textContent ?? "{}");

function download(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "image/png" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// On a computer Voila ends the kernel of a page that is left; the run goes on. Phones
// send no such event: they only hide the page.
function leave(event) {
  if (event.persisted) return; // the visitor may come back to it
  const { baseUrl, kernelId } = config;
  if (kernelId) navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`);
}

// A browser slows the timers of a page that is hidden, but not those of a worker.
function tick(action) {
  const code = `setInterval(() => postMessage(0), ${EVERY})`;
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  new Worker(url).onmessage = action;
}

// Whether the server is there, at the least cost to it. A proxy before it says 502.
async function isServed() {
  const address = `${config.baseUrl ?? "/"}voila/static/voila.js`;
  return fetch(address, { cache: "no-store", method: "HEAD" }).then(({ status }) => status < 500, () => false);
}

function render({ model, el }) {
  const bar = add(el, "div", "st-lost");
  bar.role = "alert";
  const kernel = model.widget_manager.kernel;
  let answered = Date.now();
  let asked = answered;
  let served = 0; // since when the server answers and the kernel does not
  let isChoosing = false; // in the dialog of the files

  function show(lost) {
    bar.textContent = lost ? model.get("lost") : "";
  }

  function ask() {
    const now = Date.now();
    // A page in the background sleeps: that does not mean that the studio is silent.
    if (now - asked > 3 * EVERY) answered = now - PATIENCE + AWAKE;
    asked = now;
    const lost = now - answered > PATIENCE;
    show(lost);
    if (lost) comeBack();
    try {
      model.send({});
    } catch {
      // the connection is closed: no answer comes
    }
  }

  // First with the same kernel, then with a new one: all that counts is kept elsewhere.
  async function comeBack() {
    if (!(await isServed())) {
      served = 0;
      return;
    }
    const connected = kernel?.connectionStatus === "connected";
    if (!served) {
      served = Date.now();
      if (!connected) kernel?.reconnect().catch(() => {});
    }
    const patience = connected ? BUSY : AGAIN;
    if (Date.now() - served > patience && !isChoosing) location.reload();
  }

  model.on("msg:custom", ({ name }, [content]) => {
    answered = Date.now();
    served = 0;
    show(false);
    if (name) download(name, content);
  });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", ask);
  document.addEventListener("visibilitychange", ask);
  document.addEventListener("online", ask);
  for (const kind of ["click", "change", "cancel"]) {
    document.addEventListener(kind, ({ target }) => {
      if (target.type === "file") isChoosing = kind === "click";
    }, true);
  }
  // A picture dropped beside its place must not replace the page.
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => event.preventDefault());
  }
  tick(ask);
}

export default { render };
