"""Bytes kept once: put and get by SHA-256."""

from __future__ import annotations

import hashlib

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records.errors import NotFound
from coursewright.records.tables import Blob


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(session: Session, content: bytes) -> str:
    """Keep the bytes; returns their SHA-256."""
    sha = sha256(content)
    row = {"sha256": sha, "size": len(content), "content": content}
    session.execute(insert(Blob).values(row).on_conflict_do_nothing())
    return sha


def get(session: Session, sha: str) -> bytes:
    blob = session.get(Blob, sha)
    if blob is None:
        raise NotFound(f"Nothing is kept under {sha}")
    return blob.content
