"""Makes the row of pictures that TradeoffLab opens with: a few minutes.

Interrupted and started again, it goes on where it was.
"""

from stylelab.runs import tradeoff, tradeoff_shelf
from stylelab.runs.run import progress_bar
from stylelab.runs.sweep import sweep


def main() -> None:
    """Writes the shipped row anew, for the recipe in tradeoff_shelf."""
    jobs = tradeoff.row_of_jobs(*tradeoff_shelf.PAIR, **tradeoff_shelf.SHIPPED)
    scale, points = tradeoff.scale(jobs[0]), {}
    for place, result in sweep(jobs, watch=progress_bar):
        points[place] = scale.point(jobs[place], result.picture)
        print(points[place])
    row = [points[place] for place in range(len(jobs))]
    tradeoff_shelf.write(tradeoff_shelf.FOLDER, jobs, row)


if __name__ == "__main__":
    main()
