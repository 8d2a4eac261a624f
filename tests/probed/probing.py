"""Imports modules of a package with their probes. Servers load it: no library but Python's."""

from __future__ import annotations

from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from mmap import mmap
    from types import CodeType, ModuleType

# The name that probes have for the array.
SEEN = "_seen_"


class Finder(MetaPathFinder):
    """Finds the modules of a package; ``code`` gives what to run for a file, if it has probes."""

    def __init__(
        self, package: str, array: mmap | bytearray, code: Callable[[str], CodeType | None]
    ) -> None:
        self.package, self.counted, self.code = package, array, code
        self.modules: list[ModuleType] = []

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What every finder is asked; only the package is ours."""
        if name.partition(".")[0] != self.package:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.origin and isinstance(spec.loader, SourceFileLoader):
            spec.loader = Loader(self, name, spec.origin)
        return spec

    def count(self, array: mmap | bytearray) -> None:
        """Let probes write here from now on."""
        self.counted = array
        for module in self.modules:
            vars(module)[SEEN] = array


class Loader(SourceFileLoader):
    """Loads a module with probes."""

    def __init__(self, finder: Finder, name: str, path: str) -> None:
        super().__init__(name, path)
        self._finder = finder

    def get_code(self, fullname: str) -> CodeType:
        """The code with probes; without, when there is none for the file."""
        found = self._finder.code(self.get_filename(fullname))
        return found or super().get_code(fullname)

    def exec_module(self, module: ModuleType) -> None:
        """Run it with the array at hand."""
        vars(module)[SEEN] = self._finder.counted
        self._finder.modules.append(module)
        super().exec_module(module)
