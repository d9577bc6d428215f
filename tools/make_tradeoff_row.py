"""Makes the two rows of pictures that come with TradeoffLab: a quarter of an hour.

`python tools/make_tradeoff_row.py noise` makes only the row that starts from noise.
Interrupted and started again, it goes on where it was.
"""

import sys

from stylelab.runs import tradeoff
from stylelab.runs.run import progress_bar
from stylelab.runs.sweep import sweep


def make_row(start: str) -> None:
    """Makes the shipped row that begins at `start`, with the options in tradeoff.py."""
    jobs = tradeoff.row_of_jobs(*tradeoff.PAIR, start=start, **tradeoff.SHIPPED)
    scale, points = tradeoff.scale(jobs[0]), {}
    for place, result in sweep(jobs, watch=progress_bar):
        points[place] = scale.point(jobs[place], result.picture)
        print(points[place])
    row = [points[place] for place in range(len(jobs))]
    tradeoff.write_row(tradeoff.FOLDER / start, jobs, row)


if __name__ == "__main__":
    for start in sys.argv[1:] or tradeoff.SHIPPED_STARTS:
        make_row(start)
