"""The folder of an import: its upload, how far it is, and the mark that stops it.

All this lies outside the database: while the one transaction of an import runs, nobody could see
in the database how far it is, and on SQLite nobody could write there that it shall stop.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.queries.import_runs import import_folder


class UploadGone(DomainError):
    """The file was removed since it was uploaded."""

    def __init__(self) -> None:
        super().__init__(
            "upload-gone",
            N_("The uploaded file has been removed. Upload it again."),
            kind=ErrorKind.CONFLICT,
        )


class ImportStopped(DomainError):
    """Somebody cancelled the import while it was running; nothing of it was written."""

    def __init__(self) -> None:
        super().__init__("import-stopped", N_("The import was cancelled."), kind=ErrorKind.CONFLICT)


@dataclass(frozen=True, slots=True)
class ImportFolder:
    """Where one import keeps its file."""

    path: Path

    @classmethod
    def of(cls, instance: Path, run_id: str) -> ImportFolder:
        """Of an import; raises ValueError for what is no id."""
        return cls(import_folder(instance, run_id))

    @classmethod
    def all(cls, instance: Path) -> list[ImportFolder]:
        """Of every import that has one, and whatever else lies among them."""
        place = instance / "imports"
        return [cls(path) for path in place.iterdir()] if place.is_dir() else []

    def written_at(self) -> datetime:
        """When something was last put into it."""
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    def keep(self, data: bytes) -> None:
        """Store the upload, whole and on disk; a file that is there already stays."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._upload.is_file():
            _put(self._upload, data, is_lasting=True)

    def upload(self) -> bytes:
        """The bytes that were uploaded; raises UploadGone."""
        try:
            return self._upload.read_bytes()
        except FileNotFoundError:
            raise UploadGone from None

    def tell(self, stage: str, done: int, total: int) -> None:
        """Note how far it is; raises ImportStopped where somebody wants it to stop."""
        if self._stop.exists():
            raise ImportStopped
        if self.path.is_dir():
            text = json.dumps({"stage": stage, "done": done, "total": total})
            _put(self.path / "progress.json", text.encode())

    def begin(self) -> int:
        """Note that the work begins; returns how often it has begun, this time included."""
        tries = self.path / "tries"
        count = int(tries.read_text()) + 1 if tries.is_file() else 1
        if self.path.is_dir():
            _put(tries, str(count).encode())
        return count

    def end(self) -> None:
        """The work has ended in good order: what begins after it begins anew."""
        for name in ("tries", "progress.json"):
            (self.path / name).unlink(missing_ok=True)

    def stop(self) -> None:
        """Ask whoever is working on it to stop."""
        if self.path.is_dir():
            self._stop.touch()

    def remove(self) -> None:
        """Remove the upload and everything beside it."""
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def _upload(self) -> Path:
        return self.path / "upload"

    @property
    def _stop(self) -> Path:
        return self.path / "stop"


def _put(path: Path, data: bytes, *, is_lasting: bool = False) -> None:
    """Whole or not at all. is_lasting: it is on disk when this returns."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".draft")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if is_lasting:
                file.flush()
                os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
