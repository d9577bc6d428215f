"""Sliders with a name for either end, one of them over powers of ten."""

import ipywidgets
import traitlets


def _names(low: str, high: str) -> ipywidgets.Box:
    box = ipywidgets.Box([ipywidgets.Label(low), ipywidgets.Label(high)])
    box.add_class("sl-slider-ends")
    return box


def between(slider: ipywidgets.Widget, low: str, high: str) -> ipywidgets.Box:
    """A slider over the names of its ends, as large as a LogSlider."""
    box = ipywidgets.Box([slider, _names(low, high)])
    box.add_class("sl-slider")
    return box


class LogSlider(ipywidgets.Box):
    """A number from 10 ** low to 10 ** high, in two digits: 0.03, 1.5, 200."""

    value = traitlets.Float()

    def __init__(
        self,
        value: float,
        low: float,
        high: float,
        ends: tuple[str, str],
        label: str,
        help: str = "",
    ) -> None:
        self.low, self.high = low, high
        limits = {"min": low, "max": high, "step": 0.05}
        about = {"description": label, "tooltip": help, "readout_format": ".2r"}
        self.slider = ipywidgets.FloatLogSlider(value, **limits, **about)
        super().__init__([self.slider, _names(*ends)], value=value)
        self.add_class("sl-slider")
        self.slider.observe(self._read, "value")
        self.observe(self._move, "value")

    def _read(self, change: dict) -> None:
        self.value = float(f"{change['new']:.2g}")

    def _move(self, _: dict) -> None:
        # `_read` would round a value that Python sets with more digits.
        self.slider.unobserve(self._read, "value")
        self.slider.value = self.value
        self.slider.observe(self._read, "value")
