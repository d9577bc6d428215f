"""The kernels of `python -m stylelab lab`: those that nobody needs give memory back."""

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from stylelab.cli.streams import say

ENDED = (
    "A notebook was closed an hour ago: its kernel was ended, and its memory is free. "
    "To go on, open the notebook and run its cells again."
)


class Kernels(AsyncMappingKernelManager):
    """Jupyter's own, but it says in words that it has ended a kernel, and why."""

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        await super().cull_kernel_if_idle(kernel_id)
        if kernel_id not in self:
            say(ENDED)
