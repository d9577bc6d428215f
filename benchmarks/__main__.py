"""All benchmarks, one after the other, an hour on two cores; each runs alone too."""

from benchmarks import (
    against_peers,
    evaluation,
    forecasts,
    from_noise,
    guesses,
    octaves,
)

if __name__ == "__main__":
    evaluation.main()
    against_peers.main()
    from_noise.main()
    octaves.main()
    forecasts.main()
    guesses.main()
