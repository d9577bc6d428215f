"""The widget that takes a prediction: a choice, a number, or a curve that is drawn."""

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class Prediction(anywidget.AnyWidget):
    """A question's empty answer. `guess`: None until the student gives one.

    With `choices` it is one of them, with `places` a list of a number for each place,
    else one number; numbers lie in `low`..`high`.
    """

    _esm = (HERE / "prediction.js").read_text("utf-8")
    _css = (HERE / "prediction.css").read_text("utf-8")

    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    places = traitlets.List(traitlets.Unicode()).tag(sync=True)
    low = traitlets.Float(0.0).tag(sync=True)
    high = traitlets.Float(1.0).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    guess = traitlets.Any(None, allow_none=True).tag(sync=True)

    def __repr__(self) -> str:
        if self.choices:
            return f"Your prediction: {' / '.join(self.choices)}"
        kind = "a curve" if self.places else "a number"
        unit = f" {self.unit}" if self.unit else ""
        return f"Your prediction: {kind} from {self.low:g} to {self.high:g}{unit}"
