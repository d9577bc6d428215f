"""Where each of several styles goes: masks (Gatys et al. 2017, section 4).

"Controlling perceptual factors in neural style transfer": each region of the photo has
a guided Gram matrix of its own, which is brought to that of its style.
"""

import itertools
import warnings
from collections.abc import Sequence

import numpy as np
import PIL.Image
import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core.layers import stride
from stylelab.pictures.images import Source, base_name, open_picture

BORDER = 0.01  # share of the photo that masks may overlap or leave, as painted ones do
ALIKE = 32  # levels of 255 by which one colour of paint may differ from itself


def load(
    masks: Sequence[Source], styles: int, photo: Source, height: int, width: int
) -> tuple[Tensor, ...]:
    """A mask [1, 1, height, width] of 0 and 1 for each of `styles`, or none for none.

    `masks` are pictures, white where a style goes, in the order of the styles. The last
    may be left out: it takes the rest. A mask of another size than the photo is
    resized, and one that is transparent in places is read by its paint, each with a
    warning. A ValueError for too many or too few masks, for an empty one, and for masks
    that overlap or leave gaps.
    """
    if not masks:
        return ()
    if len(masks) not in (styles - 1, styles):
        raise ValueError(
            f"give one mask for each style (masks: {len(masks)}, styles: {styles}); "
            "only the last may be left out, and its style takes the rest"
        )
    photo_size, result_size = open_picture(photo).size, (width, height)
    regions = []
    for number, mask in enumerate(masks, 1):
        name, image = f"mask {number} ('{base_name(mask)}')", open_picture(mask, False)
        if image.size not in (photo_size, result_size):
            size, wanted = ("{} x {}".format(*s) for s in (image.size, photo_size))
            sizes = f"{size} pixels and the photo {wanted}"
            warnings.warn(f"{name} is {sizes}: it is resized to fit", stacklevel=1)
        grey, how = _painting(image)
        if how:
            warnings.warn(f"{name} is transparent in places: {how}", stacklevel=1)
        grey = grey.resize(result_size, PIL.Image.Resampling.BILINEAR)
        regions.append(np.asarray(grey) > 127)
        if not regions[-1].any():
            raise ValueError(f"{name} is empty: white shows where its style goes")
    if len(regions) < styles:
        regions.append(~np.logical_or.reduce(regions))
    _check(regions, len(masks))
    return tuple(torch.from_numpy(region)[None, None].float() for region in regions)


def _painting(image: PIL.Image.Image) -> tuple[PIL.Image.Image, str]:
    """`image` as grey, white where it is painted; and how its transparency was read.

    Painting programs save a layer of white paint, or of any other, with nothing behind.
    """
    if image.mode != "RGBA":
        return image.convert("L"), ""
    grey, alpha = (np.asarray(image.convert(m)) for m in ("L", "RGBA"))
    alpha = alpha[..., 3]
    paint = grey[alpha >= 0.9 * alpha.max()]
    if np.ptp(paint) <= ALIKE:
        how = "its style goes to what is painted, in whatever colour"
        return PIL.Image.fromarray(alpha), how
    black = PIL.Image.new("RGBA", image.size, "black")
    shown = PIL.Image.alpha_composite(black, image).convert("L")
    return shown, "black is put behind it, and its style goes where it is white"


def _check(regions: Sequence[np.ndarray], masks: int) -> None:
    """A ValueError where regions overlap, or leave more than a border free."""
    for (i, one), (j, other) in itertools.combinations(enumerate(regions, 1), 2):
        if (share := (one & other).mean()) > BORDER:
            problem = f"masks {i} and {j} overlap on {share:.0%} of the photo"
            raise ValueError(f"{problem}: only one style can go to a place")
    if not regions[-1].any():
        raise ValueError(
            "the masks cover the whole photo, and nothing is left for the last style: "
            "paint less, or give a style less"
        )
    share = (~np.logical_or.reduce(regions)).mean()
    if share > BORDER and len(regions) == 1:
        raise ValueError(
            f"the mask leaves {share:.0%} of the photo without a style: give a second "
            "style, which takes the rest, or leave the mask out"
        )
    if share > BORDER:
        problem = f"the masks leave {share:.0%} of the photo without a style"
        fewer = f"{masks - 1} of the {masks} masks, and the last style takes the rest"
        raise ValueError(f"{problem}: paint it, or give only {fewer}")


def divided(shares: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Masks of 0 and 1 that give each pixel to the style with the largest share."""
    if not shares:
        return ()
    owner = torch.cat([*shares]).argmax(0, keepdim=True)
    return tuple((owner == number).float() for number in range(len(shares)))


def guide(mask: Tensor, layer: str) -> Tensor:
    """The guidance channel T of a mask [1, 1, H, W] at `layer`: [1, 1, H', W'].

    The share of each cell of the layer's maps that the mask covers, scaled to a mean
    square of 1: then the Gram matrix of T times the maps is a mean over the region.
    (The paper lets the squares sum to 1, because its Gram matrices are sums.)
    """
    share = F.avg_pool2d(mask, stride(layer))
    if not share.any():
        advice = f"paint more, or leave {layer} out"
        raise ValueError(f"a mask covers nothing that {layer} sees: {advice}")
    return share / share.square().mean().sqrt()
