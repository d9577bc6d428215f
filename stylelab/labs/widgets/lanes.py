"""Pictures side by side that grow together: a photo, and what layers know of it."""

import anywidget
import traitlets

from stylelab.labs.widgets.base import page_code


class Lanes(anywidget.AnyWidget):
    """A photo and a lane for each layer; any thread may set the traits.

    The browser keeps the moments of a run, and has a slider through them afterwards. A
    lane is enlarged, or covered and uncovered, in the browser alone.
    """

    _esm = page_code("divider.js", "film.js", "lanes.js")

    # photo (encoded), title, aspect (width over height), note, layers (name, sees)
    row = traitlets.Dict().tag(sync=True)
    # run (its number), step, and for each lane its picture (encoded) and two texts
    moment = traitlets.Dict().tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)  # whether the pictures are growing
