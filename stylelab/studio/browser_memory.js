// Keeps what Python says in this browser, by visit. Each tab has a visit of its own.

const DAY = 24 * 3600 * 1000; // milliseconds after which everything is forgotten
const NAME = "stylelab studio";

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function openStore() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("kept");
  const database = await settled(request);
  return () => database.transaction("kept", "readwrite").objectStore("kept");
}

// The secret in the tab's own storage outlives a reload, and ends with the tab. A tab
// that was duplicated has a copy of it: then the first one says that it is taken.
async function nameVisit() {
  const channel = new BroadcastChannel(NAME);
  let visit = sessionStorage.getItem(NAME);
  if (visit) {
    const taken = new Promise((resolve) => {
      channel.onmessage = ({ data }) => data === `mine: ${visit}` && resolve(true);
      setTimeout(resolve, 300, false);
    });
    channel.postMessage(visit);
    if (await taken) visit = null;
  }
  if (!visit) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    visit = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem(NAME, visit);
  }
  channel.onmessage = ({ data }) => data === visit && channel.postMessage(`mine: ${visit}`);
  return visit;
}

// What was kept of `visit`, the oldest first. Drops what is too old, of any visit.
async function recall(store, visit) {
  const [keys, things] = await Promise.all([
    settled(store().getAllKeys()), settled(store().getAll()),
  ]);
  const kept = [];
  keys.forEach((key, i) => {
    if (things[i].time < Date.now() - DAY) store().delete(key);
    else if (key.startsWith(`${visit} `)) {
      kept.push({ ...things[i], key: key.slice(visit.length + 1) });
    }
  });
  return kept.sort((one, other) => one.time - other.time);
}

async function render({ model, el }) {
  const { anew, help, really } = model.get("words");
  const button = add(el, "button", "st-anew", anew);
  Object.assign(button, { type: "button", title: help });
  let store, visit;
  try {
    visit = await nameVisit();
    store = await openStore();
    for (const { key, value, files } of await recall(store, visit)) {
      model.send({ kept: key, value }, undefined, files);
    }
  } catch (error) {
    console.warn("This browser keeps nothing of the visit:", error);
  }
  model.on("msg:custom", ({ keep, forget, value }, buffers) => {
    if (!store) return;
    const files = buffers.map((part) => new Uint8Array(part.buffer,
      part.byteOffset, part.byteLength).slice().buffer);
    if (keep) store().put({ time: Date.now(), value, files }, `${visit} ${keep}`);
    if (forget) store().delete(`${visit} ${forget}`);
  });
  model.send({ visit: visit ?? "" });

  button.onclick = async () => {
    if (!confirm(really)) return;
    const open = store;
    store = null; // nothing is kept any more, as of the run that ends now
    model.send({ anew: true });
    sessionStorage.removeItem(NAME);
    if (open) await settled(open().delete(IDBKeyRange.bound(`${visit} `, `${visit}!`)));
    setTimeout(() => location.reload(), 500); // until Python has heard it
  };
}

export default { render };
