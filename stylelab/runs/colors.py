"""Two ways to keep a photo's colours (Gatys, Bethge, Hertzmann, Shechtman 2016).

"Preserving color in neural artistic style transfer": either the style is transferred
on luminance alone, and the photo's chroma is put back; or the style's colours are first
brought to the mean and covariance of the photo's (their linear color transfer).

Luminance is Y of YIQ, as in the paper: the weights of Rec. 601 on the file's numbers,
which are encoded for the eye (sRGB). It is near to how light a colour looks.
"""

import torch
from torch import Tensor

# Rec. 601. Back from YIQ, Y counts once in each of red, green and blue.
LUMA = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
FAINTEST = 1e-5  # variance below which a picture has no colour along an axis


def luminance(picture: Tensor) -> Tensor:
    """Y of a picture [B, 3, H, W] in 0..1: [B, 1, H, W]."""
    return (picture * LUMA.to(picture.device)).sum(1, keepdim=True)


def grey(picture: Tensor) -> Tensor:
    """A picture [B, 3, H, W] without its chroma: three equal channels."""
    return luminance(picture).expand_as(picture)


def chroma(picture: Tensor) -> Tensor:
    """Red, green and blue of a picture [B, 3, H, W] minus its luminance."""
    return picture - luminance(picture)


def recoloured(picture: Tensor, photo: Tensor) -> Tensor:
    """The luminance of `picture` with the chroma of `photo`, both [1, 3, H, W].

    No screen has a strong colour that is very dark or very light: values outside 0..1
    are clipped, and there luminance and chroma are both a little off.
    """
    return (luminance(picture) + chroma(photo).to(picture.device)).clamp(0, 1)


def matched(style: Tensor, photo: Tensor, where: Tensor | None = None) -> Tensor:
    """`style` [1, C, H, W] with the mean and covariance of the colours of `photo`.

    Every colour x becomes A x + b, with A the root of the photo's covariance times the
    inverse root of the style's. `where` [1, 1, H, W] is 1 in the part of the photo that
    gives the colours. Values outside 0..1 are clipped, so both moments are met nearly.
    """
    from_colours, to_colours = style.flatten(2)[0], photo.flatten(2)[0]  # [C, n]
    if where is not None:
        to_colours = to_colours[:, where.flatten() > 0]
    root, inverse = _root(to_colours, 0.5), _root(from_colours, -0.5)
    centred = from_colours - from_colours.mean(1, keepdim=True)
    moved = to_colours.mean(1, keepdim=True) + root @ inverse @ centred
    return moved.view_as(style).clamp(0, 1)


def _root(colours: Tensor, power: float) -> Tensor:
    """The covariance of `colours` [C, n] to a power: [C, C]."""
    centred = (colours - colours.mean(1, keepdim=True)).double()
    values, vectors = torch.linalg.eigh(centred @ centred.T / centred.shape[1])
    return (vectors * values.clamp(min=FAINTEST) ** power @ vectors.T).float()
