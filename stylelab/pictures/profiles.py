"""Colour profiles: what a file's numbers look like, in the numbers of sRGB."""

import io

import numpy as np
from PIL import Image, ImageCms

# Colours that sRGB can show stay the same; the perceptual intent of a printer's profile
# would change them too. The black of ink, a dark grey, becomes the black of a screen.
INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
# The modes that profiles are for, and those that other modes are converted to.
MODES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}
COLOURS = {"CMYK": "CMYK", "LAB": "LAB"} | dict.fromkeys(("1", "L", "LA", "La"), "L")
ROUNDING = 2  # levels of 255 by which one program's sRGB may differ from another's


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """`image`, of 8 bits, from the ICC `profile` to sRGB; transparency stays.

    An image whose profile is sRGB comes back as it is. A damaged profile and one for
    other images raise ImageCms.PyCMSError, OSError or ValueError.
    """
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    mode = MODES.get(source.profile.xcolor_space)
    fitting = COLOURS.get(image.mode, "RGB")
    if mode != fitting and (mode, fitting) != ("RGB", "L"):  # grey has colours as well
        raise ValueError(f"the profile is for {mode} and the image is {image.mode}")
    srgb = ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(source, srgb, mode, "RGB", INTENT, FLAGS)
    if _changes_nothing(transform, mode):
        return image
    alpha = None
    if image.has_transparency_data:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
    converted = ImageCms.applyTransform(image.convert(mode), transform)
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether `transform` gives the colours that Pillow itself takes for `mode`.

    Asked of 4096 colours: profiles that are sRGB have many names, and some that are not
    have it in theirs.
    """
    levels = np.arange(0, 256, 17, dtype=np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(64, 64, 3)
    probe = Image.fromarray(grid).convert(mode)
    pairs = probe.convert("RGB"), ImageCms.applyTransform(probe, transform)
    plain, converted = (np.asarray(image, dtype=np.int16) for image in pairs)
    return np.abs(plain - converted).max() <= ROUNDING
