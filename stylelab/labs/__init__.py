"""The labs that students and teachers use. Each is loaded when it is first used."""

from importlib import import_module

_LABS = {
    "LayerLab": "layer_lab",
    "FieldLab": "field_lab",
    "ReconstructionLab": "reconstruction_lab",
    "TextureLab": "run_lab",
    "TransferLab": "run_lab",
    "TradeoffLab": "tradeoff_lab",
}

__all__ = sorted(_LABS)


def __getattr__(name: str) -> object:
    if name in _LABS:
        return getattr(import_module(f"stylelab.labs.{_LABS[name]}"), name)
    raise AttributeError(f"module 'stylelab.labs' has no attribute '{name}'")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
