"""Makes the two rows that ReconstructionLab opens with: a minute each.

One is of the trained network, the other of one with random weights.
"""

import threading

from stylelab.labs import lanes


def main() -> None:
    """Makes the shipped rows anew, with the photo and the options in lanes.py."""
    for weights in lanes.NETWORKS:
        job = lanes.row_of(lanes.PHOTO, {"weights": weights})
        *_, result = lanes.make_row(job, threading.Event(), lambda *_: None)
        lanes.write_row(lanes.FOLDER / weights, job, result)
        for lane in lanes.shipped_row(job):
            print(f"{weights} {lane.layer} {lane.psnr:.1f} dB, loss {lane.loss:.2g}")


if __name__ == "__main__":
    main()
