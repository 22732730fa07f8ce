"""What workers sent, kept between runs: certificates, which every run replays, and evidence. Never verdicts."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from pathlib import Path

from symlora.runs.scan import Script

SCHEMA = 1


def folder() -> tuple[Path, bool]:
    """Return where the cache lies, and whether SYMLORA_CACHE asked for that place."""
    asked = os.environ.get("SYMLORA_CACHE")
    if asked:
        return Path(asked), True
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "symlora", False


def engine_digest() -> str:
    """Return the SHA-256 of the sources of this package and of the interpreter's version."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(package.rglob("*.py")):
        if "_proofs" not in path.parts:
            digest.update(b"\0" + str(path.relative_to(package)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def key(script: Script, needs: list[Script], engine: str) -> str:
    """Return the key of what a worker sends for a script: its text, the texts of what it cites, and the engines."""
    digest = hashlib.sha256(engine.encode())
    for one in (script, *needs):
        digest.update(hashlib.sha256(one.text).digest())
    return digest.hexdigest()


def instances_key(bundle: bytes, count: int, seed: int, engine: str) -> str:
    """Return the key of what running a certificate on instances gives."""
    digest = hashlib.sha256(f"instances {count} {seed} {engine} ".encode())
    digest.update(hashlib.sha256(bundle).digest())
    return digest.hexdigest()


class Cache:
    """A table from keys to lines; `problem` says in one line why nothing can be kept, if so."""

    def __init__(self) -> None:
        self.problem = ""
        self._database: sqlite3.Connection | None = None
        place, self.asked = folder()
        try:
            place.mkdir(parents=True, exist_ok=True)
            self._open(place / "certificates.sqlite")
        except (OSError, sqlite3.Error) as error:
            self._fail(place, error)

    def _open(self, path: Path) -> None:
        """Open the database; one that is damaged or of another layout is replaced."""
        for attempt in (1, 2):
            database = sqlite3.connect(path, timeout=5, isolation_level=None)
            try:
                database.execute("PRAGMA synchronous = OFF")
                (version,) = database.execute("PRAGMA user_version").fetchone()
                if version != SCHEMA:
                    database.execute("DROP TABLE IF EXISTS sent")
                    database.execute(f"PRAGMA user_version = {SCHEMA}")
                database.execute("CREATE TABLE IF NOT EXISTS sent (key TEXT PRIMARY KEY, lines BLOB, digest BLOB)")
                database.execute("BEGIN IMMEDIATE")
                database.execute("ROLLBACK")
            except sqlite3.DatabaseError as error:
                database.close()
                if attempt == 2 or isinstance(error, sqlite3.OperationalError):
                    raise
                path.unlink()
            else:
                self._database = database
                return

    def _fail(self, place: Path, error: Exception) -> None:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self.problem = f"expected a cache that can be written at {place}, found: {reason}; nothing is kept"
        self._database = None

    def get(self, name: str) -> list[bytes] | None:
        """Return the lines under a key, None if there are none or they were damaged."""
        if self._database is None:
            return None
        try:
            row = self._database.execute("SELECT lines, digest FROM sent WHERE key = ?", (name,)).fetchone()
        except sqlite3.Error:
            return None
        if row is None or not isinstance(row[0], bytes) or hashlib.sha256(row[0]).digest() != row[1]:
            return None
        return list(row[0].split(b"\n"))

    def put(self, name: str, lines: list[bytes]) -> None:
        """Keep the lines of a script that ran to its end, or of an account of instances."""
        if self._database is None:
            return
        blob = b"\n".join(lines)
        try:
            row = (name, blob, hashlib.sha256(blob).digest())
            self._database.execute("INSERT OR REPLACE INTO sent VALUES (?, ?, ?)", row)
        except sqlite3.Error as error:
            self._fail(folder()[0], error)

    def close(self) -> None:
        """Close the database."""
        if self._database is not None:
            self._database.close()
            self._database = None
