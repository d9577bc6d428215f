"""Draws the plaster heads of notebook 07: `python tools/draw_faces.py`, some seconds.

A head is a height map: z over x and y, z towards the viewer. Lengths are in half heads:
the chin is at y = -1, the crown at y = 1. A face is a few ellipsoids melted into each
other, and a table of bumps; hair lies on top of it. People differ in jaw, nose, brows,
hair and beard (`PEOPLE`). The surface is matt: it sends the same light to all sides,
in proportion to the cosine of the angle between it and the lamp (Lambert 1760).
Whatever stands between the surface and the lamp casts a shadow.
"""

import functools
import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.lessons.nb07_why import light
from stylelab.lessons.nb07_why.light import GAMMA, LIGHTS, Light
from stylelab.pictures import images

SKY = dict(zip(LIGHTS, (0.12, 0.05, 0.05, 0.05), strict=True))  # light from all sides
QUALITY = 95  # of the JPEG, which the notebook measures

WINDOW = 1.2  # half a side of the picture, in half heads
MIDDLE = -0.08  # its middle, a little below the eyes
BEHIND = -2.0  # where nothing stands

BROWN, RED, GREY = (0.10, 0.05, 0.03), (0.42, 0.20, 0.08), (0.62, 0.56, 0.46)

# --- The shape ------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """What makes a head somebody's: factors of the face, and lengths of the hair."""

    jaw: float  # breadth of jaw and chin
    cheeks: float  # breadth of the face
    nose: float  # how far it stands out
    nostrils: float  # its breadth
    brow: float  # how far the brows stand out, and how dark they are
    lips: float
    hairline: float  # its height over the middle of the forehead
    receding: float  # how steeply the hairline falls to the sides
    thickness: float  # of the hair over the skull
    curtain: float  # x from which hair hangs down to the shoulders
    curls: float  # depth of the curls; 0: smooth hair
    beard: float  # its thickness; 0: shaved
    hair: tuple[float, float, float]  # red, green, blue that it sends back


BALD, NEVER = 2.0, 9.0  # a hairline above every head; a curtain beside every head
PEOPLE = (
    Person(1.00, 1.00, 1.00, 1.0, 1.0, 1.0, BALD, 0.6, 0.10, NEVER, 0, 0, (0, 0, 0)),
    Person(0.82, 0.92, 0.70, 0.8, 0.5, 1.5, 0.42, 0.1, 0.13, 0.47, 0, 0, BROWN),
    Person(1.28, 1.06, 1.35, 1.3, 1.5, 0.6, 0.62, 0.9, 0.05, NEVER, 0, 0.09, RED),
    Person(0.95, 1.00, 0.85, 1.5, 0.8, 1.3, 0.50, 0.8, 0.27, NEVER, 0.035, 0, GREY),
)
# Ellipsoids, melted into each other: centre x, y, z, and radii.
BODY = (
    (0.00, 0.32, -0.60, 0.630, 0.68, 1.13),  # cranium
    (0.00, -0.20, -0.60, 0.580, 0.76, 1.07),  # face
    (0.00, -0.64, -0.60, 0.410, 0.42, 1.00),  # jaw
    (0.00, -1.30, -1.20, 0.370, 1.20, 0.80),  # neck
    (0.00, -1.62, -1.50, 0.800, 0.50, 0.90),  # its root
    (0.00, -1.95, -1.40, 1.250, 0.72, 1.05),  # shoulders
    (0.62, -0.10, -0.62, 0.065, 0.18, 0.30),  # ears
)
# Bumps and hollows: x, y, breadth, height, turn in degrees, and height over the face.
# All except those in the middle (x = 0) are drawn twice, mirrored.
RELIEF = (
    (0.22, 0.55, 0.22, 0.22, 0, 0.025),  # forehead
    (0.25, 0.205, 0.16, 0.055, 8, 0.060),  # brow
    (0.00, 0.19, 0.09, 0.08, 0, 0.030),  # between the brows
    (0.60, 0.25, 0.12, 0.20, 0, -0.040),  # temple
    (0.24, 0.04, 0.19, 0.11, 0, -0.100),  # eye socket
    (0.13, 0.06, 0.05, 0.08, 0, -0.040),  # its inner corner
    (0.40, -0.15, 0.17, 0.11, -20, 0.060),  # cheekbone
    (0.40, -0.50, 0.13, 0.20, 10, -0.045),  # hollow of the cheek
    (0.20, -0.45, 0.03, 0.14, 25, -0.012),  # fold from nose to mouth
    (0.115, -0.390, 0.045, 0.048, 0, 0.130),  # wing of the nose
    (0.00, -0.36, 0.075, 0.06, 0, 0.060),  # tip of the nose
    (0.052, -0.445, 0.030, 0.020, 0, -0.070),  # nostril
    (0.00, -0.60, 0.27, 0.17, 0, 0.060),  # muzzle
    (0.00, -0.52, 0.025, 0.05, 0, -0.012),  # philtrum
    (0.07, -0.582, 0.085, 0.034, -14, 0.035),  # upper lip
    (0.05, -0.672, 0.100, 0.042, 8, 0.050),  # lower lip
    (0.00, -0.765, 0.14, 0.042, 0, -0.050),  # under the lip
    (0.06, -0.900, 0.13, 0.100, 0, 0.070),  # chin
    (0.225, -0.615, 0.035, 0.035, 0, -0.020),  # corner of the mouth
    (0.635, -0.07, 0.020, 0.09, 0, -0.060),  # ear
)
# The nose from its root downwards: y, how far it stands out, and its breadth.
NOSE = torch.tensor(
    [
        (0.25, 0.00, 0.10),
        (0.12, 0.03, 0.065),
        (0.02, 0.06, 0.050),
        (-0.12, 0.13, 0.052),
        (-0.26, 0.20, 0.062),
        (-0.36, 0.25, 0.080),
        (-0.41, 0.22, 0.085),
        (-0.46, 0.04, 0.080),
        (-0.50, 0.00, 0.080),
    ]
)
EYE = (0.262, 0.025)


def heights(size: int, person: int = 0) -> tuple[Tensor, Tensor]:
    """The height map [size, size] of a head, and where it is hair, 0..1, likewise."""
    (x, y), who = _axes(size), PEOPLE[person]
    broad = {1: who.cheeks, 2: who.jaw}  # face and jaw, by their place in BODY
    solids = [
        _ellipsoid(x, y, at, (at[3] * broad.get(i, 1.0), *at[4:]))
        for i, at in enumerate(BODY)
    ]
    z = _melted(solids, 12)
    for *at, breadth, height, turn, out in RELIEF:
        z = z + _emphasis(who, at) * out * _bump(x, y, at, (breadth, height), turn)
    z = _with_eyes(z + who.nose * _nose(x, y, who.nostrils), x, y)
    # Lips part in a line that sinks a little in the middle.
    line = y + 0.625 - 0.012 * torch.cos(14 * x)
    z = z - 0.06 * (-((line / 0.014) ** 2) - (x / 0.20) ** 6).exp()
    z, hair = _with_hair(z.clamp(min=BEHIND), x, y, who)
    return z.clamp(min=BEHIND), hair


def _emphasis(who: Person, at: list[float]) -> float:
    """How strong a bump of RELIEF is in this face."""
    if 0.1 < at[1] < 0.22:
        return who.brow
    if at[1] in (-0.390, -0.36):
        return who.nose * who.nostrils
    return who.lips if at[1] in (-0.582, -0.672) else 1.0


def _with_hair(z: Tensor, x: Tensor, y: Tensor, who: Person) -> tuple[Tensor, Tensor]:
    """The head with its hair and beard, and where these are, 0..1."""
    aside, thick = x.abs(), who.thickness
    skull = (0.0, 0.32, -0.60, 0.63 + thick, 0.68 + thick, 1.13 + thick / 2)
    falling = (0.45, -0.35, -0.75, 0.30 + thick, 1.10, 1.15)
    locks = who.curls * _curls(x, y) if who.curls else 0.008 * torch.sin(60 * aside)
    edge = y - who.hairline + who.receding * x**2 + 0.6 * locks
    ears = 0.12 * (y + 0.10 + 0.8 * F.relu(0.8 - aside))
    top = torch.sigmoid(torch.minimum(edge, ears) / 0.012)
    hanging = torch.sigmoid((aside - who.curtain) / 0.012)
    hair = torch.zeros_like(z)
    for where, solid in ((top, skull), (hanging, falling)):
        surface = _ellipsoid(x, y, solid, solid[3:]) + locks
        hair = torch.maximum(hair, where * (surface > z - 0.02))
        z = z + where * F.relu(surface - z)
    chin = torch.sigmoid((-0.40 - 0.35 * torch.cos(4.2 * x) - y) / 0.03)
    mouth = (-(((y + 0.625) / 0.09) ** 4) - (x / 0.21) ** 4).exp()
    inside = (x / 0.72) ** 2 + ((y + 0.55) / 0.62) ** 2 < 1
    beard = chin * (1 - mouth) * (inside & (who.beard > 0))
    z = z + beard * (who.beard + 0.015 * _curls(x, y))
    return z, torch.maximum(hair, beard)


def _curls(x: Tensor, y: Tensor) -> Tensor:
    """Bumps about 0.1 apart, -1..1, as if by chance."""
    return torch.sin(31 * x.abs() + 3 * torch.sin(13 * y)) * torch.sin(
        29 * y + 4 * torch.sin(11 * x.abs())
    )


def _axes(size: int) -> tuple[Tensor, Tensor]:
    along = WINDOW * ((2 * torch.arange(size) + 1) / size - 1)
    return along[None, :], MIDDLE - along[:, None]


def _ellipsoid(x: Tensor, y: Tensor, at: tuple, radii: tuple) -> Tensor:
    """The front of an ellipsoid; a cliff around it."""
    right = x.abs() - at[0] if at[0] else x
    q = (right / radii[0]) ** 2 + ((y - at[1]) / radii[1]) ** 2
    return at[2] + radii[2] * F.relu(1 - q).sqrt() - 30 * F.relu(q - 1)


def _melted(solids: list[Tensor], hardness: float) -> Tensor:
    """The highest of the surfaces at each point, with rounded seams."""
    return (hardness * torch.stack(solids)).logsumexp(0) / hardness


def _bump(
    x: Tensor, y: Tensor, at: list[float], size: tuple[float, float], turn: float
) -> Tensor:
    """1 in its middle, falling off as a Gaussian; mirrored, unless it is central."""
    angle, above = math.radians(turn), y - at[1]
    height = torch.zeros(())
    for right in (x - at[0], -x - at[0]) if at[0] else (x,):
        along = math.cos(angle) * right + math.sin(angle) * above
        across = math.cos(angle) * above - math.sin(angle) * right
        height = height + (-((along / size[0]) ** 2) - (across / size[1]) ** 2).exp()
    return height


def _nose(x: Tensor, y: Tensor, broader: float) -> Tensor:
    out, breadth = (_smooth(y, NOSE[:, 0], NOSE[:, i]) for i in (1, 2))
    return out * (-((x / (broader * breadth)) ** 2)).exp()


def _smooth(at: Tensor, places: Tensor, values: Tensor, width: float = 0.03) -> Tensor:
    """`values` at `places` joined by straight lines, smoothed over `width`, at `at`."""
    fine = torch.linspace(-0.6, 0.4, 400)
    slot = torch.bucketize(-fine, -places).clamp(1, len(places) - 1)
    share = ((fine - places[slot - 1]) / (places[slot] - places[slot - 1])).clamp(0, 1)
    straight = values[slot - 1] + share * (values[slot] - values[slot - 1])
    weights = (-(((at - fine) / width) ** 2)).softmax(-1)
    return (weights * straight).sum(-1, keepdim=True)


def _with_eyes(z: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Balls in the sockets, lids over the balls, and the opening between the lids."""
    right, above = x.abs() - EYE[0], y - EYE[1] - 0.06 * (x.abs() - EYE[0])
    reach = 1 - (right / 0.135) ** 2
    aside = right**2 + above**2
    lid, ball = (out - 2.7 * aside - 90 * aside**2 for out in (0.322, 0.304))
    z = _melted([z, lid], 24)
    fold = above - 0.065 * reach - 0.035
    z = z - 0.02 * (-((fold / 0.014) ** 2) - (right / 0.13) ** 4).exp()
    opening = torch.sigmoid((0.058 * reach - above) / 0.004)
    opening = opening * torch.sigmoid((above + 0.036 * reach) / 0.004)
    return z + opening * (ball - z)


def _paint(x: Tensor, y: Tensor, hair: Tensor, who: Person) -> Tensor:
    """The share of red, green and blue light that the surface sends back: [3, H, W]."""
    right, above = x.abs() - EYE[0], y - EYE[1]
    away = (right**2 + (above - 0.012) ** 2).sqrt()
    ring, pupil = (torch.sigmoid((away - r) / 0.004) for r in (0.056, 0.026))
    arch = above - 0.19 + 1.1 * (right - 0.03) ** 2
    brow = (-((arch / 0.026) ** 2) - ((right - 0.01) / 0.16) ** 6).exp()
    lips = (-(((y + 0.625) / 0.075) ** 4) - (x / 0.2) ** 4).exp()
    eyes = 0.22 + 0.78 * ring - 0.17 * (1 - pupil)
    skin = torch.tensor([0.93, 0.85, 0.77])[:, None, None]
    rose = torch.tensor([0.10, 0.28, 0.28])[:, None, None]
    face = skin * eyes * (1 - min(0.9, 0.72 * who.brow) * brow) * (1 - rose * lips)
    return face + hair * (torch.tensor(who.hair)[:, None, None] - face)


# --- The light ------------------------------------------------------------------------


def shade(z: Tensor, sky: Tensor, lamp: Light, step: float) -> Tensor:
    """Lambert's shading of a height map [H, W] with shadows, 0..1 and more: [H, W].

    `sky` is the `open_sky` of z; `step` is the distance between two neighbouring
    points, in the units of z.
    """
    towards = lamp.direction
    direct = F.relu((normals(z, step) * towards[:, None, None]).sum(0))
    return direct * lit(z, towards, step) + SKY.get(lamp, 0.05) * sky


def normals(z: Tensor, step: float) -> Tensor:
    """Unit normals (right, up, front) of a height map: [3, H, W]."""
    framed = F.pad(z[None, None], [1] * 4, mode="replicate")[0, 0]
    right = (framed[1:-1, 2:] - framed[1:-1, :-2]) / (2 * step)
    up = (framed[:-2, 1:-1] - framed[2:, 1:-1]) / (2 * step)
    return F.normalize(torch.stack([-right, -up, torch.ones_like(z)]), dim=0)


def lit(z: Tensor, towards: Tensor, step: float, softness: float = 0.12) -> Tensor:
    """The share of the lamp that each point sees, 0..1: [H, W].

    From each point a ray goes `towards` the lamp (right, up, front); where the height
    map rises above the ray, the point lies in shadow.
    """
    visible = torch.ones_like(z)
    across = towards[:2].norm().item()
    if across < 1e-6:
        return visible
    rise = towards[2].item() / across
    for distance in _distances(step):
        surface = _moved(z, towards[:2] / across * distance / step)
        clear = (z + rise * distance - surface) / (softness * distance + step)
        visible = torch.minimum(visible, (0.5 + clear).clamp(0, 1))
    return visible


def open_sky(z: Tensor, step: float, directions: int = 12) -> Tensor:
    """The share of the light from all sides that reaches each point, 0..1: [H, W].

    In each direction the surface hides the sky up to its steepest slope as seen from
    the point.
    """
    hidden = torch.zeros_like(z)
    for turn in torch.arange(directions) * 2 * torch.pi / directions:
        way, slope = torch.stack([turn.cos(), turn.sin()]), torch.zeros_like(z)
        for distance in _distances(step, 1.5):
            surface = _moved(z, way * distance / step)
            slope = torch.maximum(slope, (surface - z) / distance)
        hidden += slope**2 / (1 + slope**2) / directions
    return (1 - hidden) * (1 + normals(z, step)[2]) / 2


def _distances(step: float, growth: float = 1.12) -> list[float]:
    """Distances from a point up to the height of a head, dense near the point."""
    distances = [2 * step]
    while distances[-1] < 1.8:
        distances.append(max(distances[-1] + step, growth * distances[-1]))
    return distances


def _moved(z: Tensor, by: Tensor) -> Tensor:
    """The heights `by` (right, up) points away from each point of z [H, W]: [H, W]."""
    height, width = z.shape
    turn = torch.tensor(
        [[1, 0, 2 * by[0] / width], [0, 1, -2 * by[1] / height]], dtype=z.dtype
    )
    grid = F.affine_grid(turn[None], [1, 1, height, width], align_corners=False)
    return F.grid_sample(
        z[None, None], grid, padding_mode="border", align_corners=False
    )[0, 0]


# --- The pictures ---------------------------------------------------------------------


def plaster_head(lamp: Light, size: int = 256, person: int = 0) -> Tensor:
    """A plaster head under `lamp`, before a dark wall: [1, 3, size, size] in 0..1."""
    (z, hair, sky), step = _surface(2 * size, person), WINDOW / size
    paint = _paint(*_axes(2 * size), hair, PEOPLE[person])
    x, y = _axes(2 * size)
    wall = torch.tensor([0.012, 0.015, 0.021])[:, None, None]
    glow = 1 + 2.5 * (-(x**2) - (y - 0.1) ** 2).exp()
    picture = torch.where(
        z > BEHIND + 0.2, paint * shade(z, sky, lamp, step), wall * glow
    )
    return F.avg_pool2d(picture[None], 2).clamp(0, 1) ** (1 / GAMMA)


@functools.lru_cache(maxsize=8)
def _surface(size: int, person: int) -> tuple[Tensor, Tensor, Tensor]:
    z, hair = heights(size, person)
    return z, hair, open_sky(z, 2 * WINDOW / size)


def main() -> None:
    """Writes all heads as one picture: a row per person, a column per lamp."""
    rows = [
        torch.cat([plaster_head(lamp, light.SIDE, person) for lamp in LIGHTS], 3)
        for person in range(light.PEOPLE)
    ]
    sheet = images.to_image(torch.cat(rows, 2))
    sheet.save(light.HEADS, quality=QUALITY, subsampling=0, optimize=True)


if __name__ == "__main__":
    main()
