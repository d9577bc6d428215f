"""What lies behind the transparent places of a picture."""

from PIL import Image

from stylelab.pictures.greys import strips


def is_clear(image: Image.Image) -> bool:
    """Whether `image` is transparent in places."""
    if not image.has_transparency_data:
        return False
    clear = image if "A" in image.getbands() else image.convert("RGBA")
    return clear.getchannel("A").getextrema()[0] < 255


def over_white(image: Image.Image) -> Image.Image:
    """An image with transparency on white paper, as RGB."""
    result = Image.new("RGB", image.size)
    for top, strip in strips(image):
        white, strip = Image.new("RGBA", strip.size, "white"), strip.convert("RGBA")
        result.paste(Image.alpha_composite(white, strip).convert("RGB"), (0, top))
    return result
