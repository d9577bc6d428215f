// What a visitor brings, made small before it is sent: servers take messages of a few
// megabytes, and photos from phones have twenty.

const HEAVY = 3e6; // bytes: what is smaller and short goes as it is, every pixel of it

// The bytes to send of a picture file or a camera's <video>: upright, in sRGB, on white
// and at most `longest` pixels long. What this browser cannot read goes as it is.
async function madeSmall(source, longest) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(source, { imageOrientation: "from-image" });
  } catch {
    return source.arrayBuffer();
  }
  const { width, height } = bitmap;
  const scale = Math.min(1, longest / Math.max(width, height));
  if (scale === 1 && source.size < HEAVY) return source.arrayBuffer();
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
