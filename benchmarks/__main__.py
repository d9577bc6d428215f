"""All benchmarks, one after the other, two hours on two cores; each runs alone too."""

from benchmarks import (
    against_peers,
    evaluation,
    finished,
    forecasts,
    from_noise,
    guesses,
    large,
    octaves,
)

if __name__ == "__main__":
    evaluation.main()
    against_peers.main()
    from_noise.main()
    finished.main()
    octaves.main()
    forecasts.main()
    guesses.main()
    large.main()
