"""The widget that takes a prediction: a choice, a number, or a curve that is drawn."""

from pathlib import Path

import anywidget
import traitlets

from stylelab.core.language import _, page_language

HERE = Path(__file__).parent


class Prediction(anywidget.AnyWidget):
    """A question's empty answer. `guess`: None until the student gives one.

    With `choices` it is one of them, with `places` a list of a number for each place,
    else one number; numbers lie in `low`..`high`.
    """

    _esm = page_language((HERE / "prediction.js").read_text("utf-8"))
    _css = (HERE / "prediction.css").read_text("utf-8")

    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    shown = traitlets.List(traitlets.Unicode()).tag(sync=True)  # they, as they read
    places = traitlets.List(traitlets.Unicode()).tag(sync=True)
    low = traitlets.Float(0.0).tag(sync=True)
    high = traitlets.Float(1.0).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    guess = traitlets.Any(None, allow_none=True).tag(sync=True)

    def __repr__(self) -> str:
        if self.choices:
            asked = " / ".join(self.shown or self.choices)
        else:
            kind = _("a curve") if self.places else _("a number")
            unit = f" {self.unit}" if self.unit else ""
            words = _("{} from {} to {}{}")
            asked = words.format(kind, f"{self.low:g}", f"{self.high:g}", unit)
        return _("Your prediction: {}").format(asked)
