"""Answers to notebook 03's exercises: right ones, and what students really write."""

from stylelab.core.layers import CONVS
from stylelab.lessons.nb03_fields import checks

NAMES = {f"conv_{i}": name for i, name in enumerate(CONVS[:5], 1)}
MIXED_UP = NAMES | {"conv_2": "conv2_1"}

RIGHT = [
    (checks.next_field, lambda size, t, k, s: (size + (k - 1) * t, t * s)),
    (checks.paper_names, NAMES),
    (checks.paper_names, {k: v.capitalize() for k, v in NAMES.items()}),
    (checks.paper_names, {k: f"relu{v[4:]} " for k, v in NAMES.items()}),
    (checks.convolutions_needed, lambda size: size // 2),
]

# What students really write, and a word that the hint has to contain.
WRONG = [
    (checks.next_field, lambda size, t, k, s: (size + k, t * s), "reaches one"),
    (checks.next_field, lambda size, t, k, s: (size + k - 1, t * s), "apart"),
    (checks.next_field, lambda size, t, k, s: (size + (k - 1) * t, t + s), "multiply"),
    (checks.next_field, lambda size, t, k, s: (size + 2 * t, t * s), "ReLU"),
    (checks.next_field, lambda size, t, k, s: size + (k - 1) * t, "be two numbers"),
    (checks.next_field, lambda size, t, k, s: (size + k // 2 * 2 * t, t * s), "pool1"),
    (checks.paper_names, MIXED_UP, "conv_2 is not conv2_1"),
    (checks.paper_names, NAMES | {"conv_3": ...}, "still missing"),
    (checks.convolutions_needed, lambda size: size // 3, "adds 2"),
    (checks.convolutions_needed, lambda size: (size - 1) / 2, "even size"),
]
