"""Makes the row of pictures that TradeoffLab opens with: a few minutes.

Interrupted and started again, it goes on where it was.
"""

from stylelab.runs import tradeoff
from stylelab.runs.run import progress_bar
from stylelab.runs.sweep import sweep


def main() -> None:
    """Makes the shipped row anew, of the pair and with the options in tradeoff.py."""
    jobs = tradeoff.row_of_jobs(*tradeoff.PAIR, **tradeoff.SHIPPED)
    scale, points = tradeoff.scale(jobs[0]), {}
    for place, result in sweep(jobs, watch=progress_bar):
        points[place] = scale.point(jobs[place], result.picture)
        print(points[place])
    row = [points[place] for place in range(len(jobs))]
    tradeoff.write_row(tradeoff.FOLDER, jobs, row)


if __name__ == "__main__":
    main()
