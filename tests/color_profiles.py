"""Colour profiles written by hand (ICC.1:2001), and Display P3 in closed form."""

from __future__ import annotations

import struct

import numpy as np


def icc(space: bytes, tags: dict[bytes, bytes], pcs: bytes = b"XYZ ") -> bytes:
    """A profile of version 2 for the colour space `space`."""
    tags |= {b"desc": b"desc" + struct.pack(">4xI", 5) + b"sRGB\0" + bytes(78)}
    tags |= {b"cprt": b"text\0\0\0\0-\0", b"wtpt": xyz(0.9642, 1, 0.8249)}
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        place = 128 + 4 + 12 * len(tags) + len(body)
        table += name + struct.pack(">II", place, len(data))
        body += data + bytes(-len(data) % 4)
    kind = b"prtr" if space == b"CMYK" else b"mntr"
    size = 128 + len(table) + len(body)
    head = struct.pack(">I4xI", size, 0x02400000) + kind + space + pcs + bytes(12)
    head += b"acsp" + bytes(28) + xyz(0.9642, 1, 0.8249)[8:]
    return head.ljust(128, b"\0") + table + body


def xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))


def curve(linear: np.ndarray) -> bytes:
    points = np.rint(linear * 65535).astype(">u2")
    return b"curv" + struct.pack(">4xI", len(points)) + points.tobytes()


def matrix(primaries: np.ndarray, tone: bytes) -> bytes:
    """A profile for RGB: the XYZ (D50) of red, green and blue, and their curve."""
    tags = {name + b"TRC": tone for name in (b"r", b"g", b"b")}
    names = (b"rXYZ", b"gXYZ", b"bXYZ")
    return icc(
        b"RGB ", tags | {n: xyz(*p) for n, p in zip(names, primaries, strict=True)}
    )


def decoded(values: np.ndarray) -> np.ndarray:
    """Linear light from values of sRGB or Display P3, whose curves are one."""
    return np.where(
        values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4
    )


def encoded(light: np.ndarray) -> np.ndarray:
    light = light.clip(0, 1)
    low = light <= 0.0031308
    return 255 * np.where(low, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


# The XYZ under D50 of red, of green and of blue.
SRGB = [
    [0.43607, 0.22249, 0.01392],
    [0.38515, 0.71687, 0.09708],
    [0.14307, 0.06061, 0.71410],
]
P3 = [
    [0.51512, 0.24120, -0.00105],
    [0.29198, 0.69225, 0.04189],
    [0.15710, 0.06657, 0.78407],
]
TONE = curve(decoded(np.linspace(0, 1, 1024)))
DISPLAY_P3 = matrix(P3, TONE)
# Linear Display P3 to linear sRGB, as CSS Color 4 has it.
TO_SRGB = np.array(
    [
        [1.2249402, -0.2249402, 0],
        [-0.0420570, 1.0420570, 0],
        [-0.0196376, -0.0786361, 1.0982736],
    ]
)


def as_srgb(pixels: np.ndarray) -> np.ndarray:
    """What bytes [..., 3] of Display P3 are in sRGB, in closed form."""
    return encoded(decoded(pixels / 255) @ TO_SRGB.T)
