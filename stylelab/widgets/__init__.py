"""The labs: what students and teachers touch. Loaded when first used."""

from importlib import import_module

_LABS = {
    "LayerLab": "layerlab",
    "FieldLab": "fieldlab",
    "ReconstructionLab": "reconstructionlab",
    "TextureLab": "texturelab",
    "TransferLab": "transferlab",
    "TradeoffLab": "tradeofflab",
}

__all__ = sorted(_LABS)


def __getattr__(name: str) -> object:
    if name in _LABS:
        return getattr(import_module(f"stylelab.widgets.{_LABS[name]}"), name)
    raise AttributeError(f"module 'stylelab.widgets' has no attribute '{name}'")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
