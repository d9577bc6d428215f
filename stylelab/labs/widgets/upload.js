// What a visitor brings, made small before it is sent: servers take messages of a few
// megabytes, and photos from phones have twenty.

const HEAVY = 3e6; // bytes: what is lighter goes as it is, every pixel of it

// The bytes to send of a picture file or a camera's <video>: upright, in sRGB, on white
// and at most `longest` pixels long. What this browser cannot read goes as it is.
async function madeSmall(source, longest, heavy = HEAVY) {
  if (source.size < heavy) return source.arrayBuffer();
  let bitmap;
  try {
    bitmap = await createImageBitmap(source, { imageOrientation: "from-image" });
  } catch {
    return source.arrayBuffer();
  }
  const { width, height } = bitmap;
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(scale * width));
  canvas.height = Math.max(1, Math.round(scale * height));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  return (blob ?? source).arrayBuffer();
}

// Shows what the camera sees; `taken` gets the <video> when its picture is wanted.
async function openCamera(parent, words, say, taken) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1920 } });
  } catch ({ name }) {
    say(name === "NotAllowedError" ? words.refused : words.broken);
    return;
  }
  const dialog = add(parent, "dialog", "sl-dialog");
  dialog.ariaLabel = words.camera;
  const video = add(dialog, "video", "sl-video");
  Object.assign(video, { srcObject: stream, muted: true, playsInline: true });
  const shutter = addButton(dialog, "sl-tool sl-main", words.take, async () => {
    await taken(video);
    dialog.close();
  });
  shutter.disabled = true;
  video.onplaying = () => (shutter.disabled = false);
  addButton(dialog, "sl-tool", words.cancel, () => dialog.close());
  dialog.onclose = () => {
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  };
  dialog.showModal();
  await video.play();
}
