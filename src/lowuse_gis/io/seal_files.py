"""The files of a seal: the statement as JSON, its signature, and the sheet that is stamped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lowuse_gis.core.filing.canonical import FORM
from lowuse_gis.errors import InputError, SealError
from lowuse_gis.language import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SEAL = "seal.json"
NEEDED = frozenset({"form", "layer", "key", "fields", "records", "sha256", "hashes"})
ALGORITHM = "Ed25519"


def write_seal(path: Path, seal: Mapping[str, Any]) -> None:
    """Write a seal.

    Parameters
    ----------
    path, seal
        Where to, and what it states.
    """
    text = json.dumps(seal, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_seal(path: Path) -> dict[str, Any]:
    """Read a seal.

    Parameters
    ----------
    path
        Its file, or the folder it stands in.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        Where there is none.
    SealError
        Where the file is no seal.
    """
    file = path / SEAL if path.is_dir() else path
    if not file.is_file():
        raise InputError(
            _("{path}: no such file").format(path=file),
            _("name the seal with --seal; it was written beside the sealed database"),
        )
    try:
        seal = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise _no_seal(file) from error
    if not isinstance(seal, dict) or not set(seal) >= NEEDED or seal["form"] != FORM:
        raise _no_seal(file)
    return seal


def _no_seal(file: Path) -> SealError:
    return SealError(
        _("{path}: no seal of lowuse, or a damaged one").format(path=file),
        _("take seal.json from the copy that was filed"),
    )


def signed(seal: Mapping[str, Any], key: Path) -> dict[str, Any]:
    """Sign a seal with a private key.

    Parameters
    ----------
    seal
        With its hash.
    key
        PEM file of an Ed25519 private key without a password.

    Returns
    -------
    dict
        With ``signature``: algorithm, public key and value, as hexadecimal text.

    Raises
    ------
    InputError
        Where the key cannot be used.
    """
    serialization, ed25519 = _library()
    try:
        private = serialization.load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise _no_key(key) from error
    if not isinstance(private, ed25519.Ed25519PrivateKey):
        raise _no_key(key)
    public = private.public_key().public_bytes_raw().hex()
    value = private.sign(str(seal["sha256"]).encode()).hex()
    return {**seal, "signature": {"algorithm": ALGORITHM, "public_key": public, "value": value}}


def signature_holds(seal: Mapping[str, Any]) -> bool:
    """Say whether the signature of a seal is that of its public key over its hash.

    Parameters
    ----------
    seal
        With a signature.

    Returns
    -------
    bool
    """
    _serialization, ed25519 = _library()
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  an extra

    said = seal["signature"]
    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(said["public_key"]))
        key.verify(bytes.fromhex(said["value"]), str(seal["sha256"]).encode())
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  an extra
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    except ImportError as error:
        raise InputError(
            _("signatures need the package cryptography"), "pip install 'lowuse-gis[sign]'"
        ) from error
    return serialization, ed25519


def _no_key(key: Path) -> InputError:
    return InputError(
        _("{path}: not a private key that can sign").format(path=key),
        _("make one: openssl genpkey -algorithm ed25519 -out key.pem"),
    )
