"""The parts of the HDF5 file format that dumps need, as bytes.

Names and numbers are those of the HDF5 File Format Specification 3.0, chapters II to IV. Only the
forms without checksums are used (superblock 0, object headers of version 1): computing checksums
in Python takes longer than everything else.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Iterable, List, Optional, Sequence, Tuple

import numpy as np

NO_ADDRESS = 0xFFFFFFFFFFFFFFFF
SUPERBLOCK_BYTES = 96
MOST_LINKS = 60000  # the number of a header's messages has 16 bits
MOST_MESSAGE_BYTES = 65000  # so has the size of a message

_DATASPACE, _LINK_INFO, _DATATYPE, _FILL_VALUE = 0x01, 0x02, 0x03, 0x05
_LINK, _LAYOUT, _GROUP_INFO, _ATTRIBUTE = 0x06, 0x08, 0x0A, 0x0C

_TEXT_TYPE = bytes.fromhex("19010100100000001000000001000000" "00000800")


def _padded(content: bytes, unit: int = 8) -> bytes:
    return content + bytes(-len(content) % unit)


def _message(kind: int, content: bytes) -> bytes:
    content = _padded(content)
    return struct.pack("<HHB3x", kind, len(content), 0) + content


@lru_cache(maxsize=None)
def datatype(dtype: np.dtype) -> bytes:  # type: ignore[type-arg]
    """The datatype message of numbers, bool (as h5py has it) and complex numbers, little endian."""
    if dtype.kind == "b":
        base = datatype(np.dtype(np.int8))
        names = _padded(b"FALSE\0") + _padded(b"TRUE\0")
        return struct.pack("<B3BI", 0x18, 2, 0, 0, 1) + base + names + b"\0\1"
    if dtype.kind == "c":
        half = np.dtype("f%d" % (dtype.itemsize // 2))
        head = struct.pack("<B3BI", 0x16, 2, 0, 0, dtype.itemsize)
        members = [
            _padded(name) + struct.pack("<I28x", offset) + datatype(half)
            for name, offset in ((b"r\0", 0), (b"i\0", half.itemsize))
        ]
        return head + b"".join(members)
    bits = 8 * dtype.itemsize
    if dtype.kind == "f":
        exponent = {16: 5, 32: 8, 64: 11}[bits]
        mantissa = bits - 1 - exponent
        head = struct.pack("<B3BI", 0x11, 0x20, bits - 1, 0, dtype.itemsize)
        place = struct.pack("<HHBBBB", 0, bits, mantissa, exponent, 0, mantissa)
        return head + place + struct.pack("<I", 2 ** (exponent - 1) - 1)
    is_signed = 8 if dtype.kind == "i" else 0
    return struct.pack("<B3BIHH", 0x10, is_signed, 0, 0, dtype.itemsize, 0, bits)


@lru_cache(maxsize=4096)
def _dataspace(shape: Tuple[int, ...]) -> bytes:
    return struct.pack("<BBB5x%dQ" % len(shape), 1, len(shape), 0, *shape)


@lru_cache(maxsize=4096)
def _dataset_start(shape: Tuple[int, ...], dtype: Optional["np.dtype"]) -> bytes:  # type: ignore[type-arg]
    late_and_if_set = 0x0A  # there is no value to fill with
    return (
        _message(_DATASPACE, _dataspace(shape))
        + _message(_DATATYPE, _TEXT_TYPE if dtype is None else datatype(dtype))
        + _message(_FILL_VALUE, struct.pack("<BB", 3, late_and_if_set))
    )


def _object_header(messages: bytes, count: int) -> bytes:
    return struct.pack("<BxHII4x", 1, count, 1, len(messages)) + messages


def dataset_header(
    shape: Tuple[int, ...],
    dtype: Optional["np.dtype"],  # type: ignore[type-arg]
    address: int,
    size: int,
    attributes: Sequence[bytes] = (),
) -> bytes:
    """The header of a contiguous dataset of `size` bytes; `dtype` None is text (see TextHeap)."""
    layout = struct.pack("<BBQQ", 3, 1, address, size)
    parts = [_dataset_start(shape, dtype), _message(_LAYOUT, layout), *attributes]
    return _object_header(b"".join(parts), 4 + len(attributes))


def link(name: bytes, order: int, address: int) -> bytes:
    """A member of a group; members keep their order."""
    head = struct.pack("<BBQBH", 1, 0x01 | 0x04 | 0x10, order, 1, len(name))
    return _message(_LINK, head + name + struct.pack("<Q", address))


def group_header(links: Iterable[bytes], attributes: Sequence[bytes] = ()) -> bytes:
    """A group whose members all stand in its header."""
    members: List[bytes] = list(links)
    info = struct.pack("<BBQQQ", 0, 0x01, len(members), NO_ADDRESS, NO_ADDRESS)
    parts = [_message(_LINK_INFO, info), _message(_GROUP_INFO, b"\0\0"), *attributes, *members]
    return _object_header(b"".join(parts), len(parts))


def _attribute(name: str, datatype_: bytes, shape: Tuple[int, ...], data: bytes) -> bytes:
    encoded = name.encode() + b"\0"
    space = _dataspace(shape)
    head = struct.pack("<BBHHHB", 3, 0, len(encoded), len(datatype_), len(space), 1)
    return _message(_ATTRIBUTE, head + encoded + datatype_ + space + data)


def number_attribute(name: str, value: "np.ndarray") -> bytes:  # type: ignore[type-arg]
    """An attribute of numbers: a scalar or a vector of at most 8000."""
    return _attribute(name, datatype(value.dtype), value.shape, value.tobytes())


def text_attribute(name: str, reference: bytes) -> bytes:
    """A text attribute; `reference` is from encode_texts()."""
    return _attribute(name, _TEXT_TYPE, (), reference)


def encode_texts(texts: Sequence[bytes], address: int) -> Tuple[bytes, List[bytes]]:
    """A global heap collection that will stand at `address`, and what refers to each text."""
    content = b""
    references = []
    for number, text in enumerate(texts, start=1):
        content += struct.pack("<HH4xQ", number, 1, len(text)) + _padded(text)
        references.append(struct.pack("<IQI", len(text), address, number))
    size = max(4096, 16 + len(content) + 16)
    free = struct.pack("<HH4xQ", 0, 0, size - 16 - len(content))
    collection = b"GCOL" + struct.pack("<B3xQ", 1, size) + content + free
    return collection + bytes(size - len(collection)), references


def superblock(root: int, end: int) -> bytes:
    """What a reader of the file starts from: the root group's header and the file's size."""
    versions = struct.pack("<BBBBBBBxHHI", 0, 0, 0, 0, 0, 8, 8, 4, 16, 0)
    addresses = struct.pack("<QQQQ", 0, NO_ADDRESS, end, NO_ADDRESS)
    root_entry = struct.pack("<QQII16x", 0, root, 0, 0)
    return b"\x89HDF\r\n\x1a\n" + versions + addresses + root_entry
