"""Writes Syncpoint dumps (docs/dump-format.md) tensor by tensor.

The file's parts are written directly: the HDF5 library takes longer per tensor than most tensors'
data, and a process that is killed would leave nothing readable.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, NoReturn, Optional, Tuple, Union

import numpy as np

from . import hdf5_encoding as hdf5
from .errors import CaptureError
from .version import __version__

Array = np.ndarray[Any, np.dtype[Any]]

_KINDS = ("input", "output", "intermediate", "parameter")
#: Types without an HDF5 equivalent, and what their bits are stored as.
BIT_TYPES = {
    "bfloat16": "uint16",
    "float8_e4m3fn": "uint8",
    "float8_e4m3fnuz": "uint8",
    "float8_e5m2": "uint8",
    "float8_e5m2fnuz": "uint8",
    "float8_e8m0": "uint8",
    "int4": "int8",
    "uint4": "uint8",
}
_STORED = {np.dtype(order + code) for code in np.typecodes["AllInteger"] for order in "<>"} | {
    np.dtype(order + code) for code in ("?", "e", "f", "d", "F", "D") for order in "<>"
}
_ALIGNMENT = 64  # mapped arrays then suit vector instructions
_MOST_NUMBERS = 8000  # of 8 bytes in an attribute
_MOST_AXES = 32


@dataclass(frozen=True)
class Quantization:
    """real = scale · (stored − zero_point); vectors run along `axis`."""

    scale: Any
    zero_point: Any = 0
    axis: Optional[int] = None


@dataclass
class _Stored:
    shape: Tuple[int, ...]
    dtype: np.dtype[Any]
    address: int
    size: int
    kind: str
    logical: Optional[str]
    attributes: List[bytes]


@dataclass
class _Sample:
    links: List[bytes] = field(default_factory=list)
    pending: Dict[str, _Stored] = field(default_factory=dict)  # header not yet in the file
    names: set[str] = field(default_factory=set)
    address: int = 0


def storable(array: Any) -> bool:
    """Whether a NumPy array is of a type that dumps take."""
    return np.asarray(array).dtype in _STORED


def _key(name: str) -> bytes:
    if "%" in name or "/" in name or "\0" in name:
        name = name.replace("%", "%25").replace("/", "%2F").replace("\0", "%00")
    elif not name.strip("."):
        name = name.replace(".", "%2E")
    return name.encode("utf-8", "replace")


class DumpWriter:
    """One dump, written under a temporary name beside `path` and renamed by close().

    After every checkpoint() the unfinished file is a dump of its own, marked as partial. Arrays
    are written at once and not kept. Problems of the file raise CaptureError.
    """

    def __init__(
        self,
        path: Union[str, "os.PathLike[str]"],
        *,
        model: str = "",
        model_sha256: str = "",
        runtime: str = "",
        environment: Optional[Dict[str, Any]] = None,
        seed: Optional[int] = None,
    ) -> None:
        self.path = Path(path)
        created = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._texts = {
            "format": "syncpoint-dump",
            "producer": "syncpoint-capture " + __version__,
            "created": created,
            "model": model,
            "model_sha256": model_sha256,
            "runtime": runtime,
            "environment": json.dumps(environment) if environment else "",
        }
        self._seed = seed
        #: Why the file cannot be written; a model may have caught the exception that said so.
        self.failure: Optional[CaptureError] = None
        self._samples: Dict[int, _Sample] = {}
        self._datasets: Dict[str, bytes] = {}  # graph, profile: their links
        self._end = hdf5.SUPERBLOCK_BYTES
        name = "%s.%s.syncpoint-tmp" % (self.path.name, uuid.uuid4().hex[:6])
        self.temporary = self.path.with_name(name)
        try:
            self._raw = io.FileIO(self.temporary, "x+")
            self._file = io.BufferedWriter(self._raw, 1 << 20)
            self._file.write(bytes(self._end))
            self._words = self._append_texts([*_KINDS, *BIT_TYPES])
        except OSError as problem:
            self._fail(problem)

    def write(
        self,
        sample: int,
        name: str,
        array: Array,
        *,
        kind: str = "intermediate",
        dtype: Optional[str] = None,
        quantization: Optional[Quantization] = None,
    ) -> None:
        """Writes a tensor of any shape; `dtype` names a type whose bits `array` holds (BIT_TYPES).

        Raises CaptureError for a name that was already written in this sample, an element type
        that dumps do not have, and when the file cannot be written.
        """
        group = self._samples.setdefault(sample, _Sample())
        if name in group.names:
            raise CaptureError("the tensor '%s' was already written" % name)
        if array.dtype not in _STORED or array.ndim > _MOST_AXES:
            raise CaptureError(
                "the tensor '%s' cannot be stored: dumps take no %s with %d axes"
                % (name, array.dtype, array.ndim)
            )
        group.names.add(name)
        if len(group.names) > hdf5.MOST_LINKS:
            raise CaptureError("a sample has more than %d tensors" % hdf5.MOST_LINKS)
        if array.dtype.byteorder == ">" or not array.flags.c_contiguous:
            array = np.array(array, array.dtype.newbyteorder("<"), order="C")
        attributes = self._quantization_attributes(quantization) if quantization else []
        address = self._append(array.data, array.nbytes) if array.nbytes else hdf5.NO_ADDRESS
        group.pending[name] = _Stored(
            array.shape, array.dtype, address, array.nbytes, kind, dtype, attributes
        )

    def has(self, sample: int, name: str) -> bool:
        """Whether the tensor was written."""
        return sample in self._samples and name in self._samples[sample].names

    def mark_output(self, sample: int, name: str) -> None:
        """Says that a tensor is an output of the model; before the sample's checkpoint()."""
        stored = self._samples[sample].pending.get(name)
        if stored is not None and stored.kind == "intermediate":
            stored.kind = "output"

    def set_json(self, name: str, content: Dict[str, Any]) -> None:
        """Writes the text dataset "graph" or "profile"."""
        text = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
        reference = self._append_texts([text])[text.decode("utf-8")]
        address = self._append(reference, len(reference))
        header = hdf5.dataset_header((), None, address, len(reference))
        self._datasets[name] = hdf5.link(name.encode(), 0, self._append(header, len(header), 8))

    def checkpoint(self) -> None:
        """Makes all that was written so far readable under the temporary name."""
        self._write_index("the run did not come to its end")

    def close(self, partial: str = "") -> None:
        """Completes the dump; `partial` is a sentence that says why the run ended early."""
        try:
            self._write_index(partial)
            self._file.close()
            os.replace(self.temporary, self.path)
        except OSError as problem:
            self._fail(problem)

    def discard(self) -> None:
        """Leaves nothing behind."""
        try:
            self._raw.close()
            self.temporary.unlink()
        except OSError:
            pass  # it is on its way out already

    def _fail(self, problem: OSError) -> NoReturn:
        if hasattr(self, "_raw"):
            self.discard()
        reason = problem.strerror or str(problem)
        self.failure = CaptureError("%s cannot be written: %s" % (self.path, reason))
        raise self.failure from problem

    def _append(self, content: Any, size: int, alignment: int = _ALIGNMENT) -> int:
        if self.failure is not None:
            raise self.failure
        gap = -self._end % alignment
        try:
            if gap:
                self._file.write(bytes(gap))
            self._file.write(content)
        except OSError as problem:
            self._fail(problem)
        address = self._end + gap
        self._end = address + size
        return address

    def _append_texts(self, texts: List[Union[str, bytes]]) -> Dict[str, bytes]:
        encoded = [t.encode("utf-8", "replace") if isinstance(t, str) else t for t in texts]
        start = self._end + -self._end % 8
        collection, references = hdf5.encode_texts(encoded, start)
        self._append(collection, len(collection), 8)
        return {t.decode("utf-8"): r for t, r in zip(encoded, references)}

    @staticmethod
    def _quantization_attributes(quantization: Quantization) -> List[bytes]:
        scale = np.asarray(quantization.scale, np.float64)
        zero_point = np.asarray(quantization.zero_point, np.int64)
        if scale.ndim > 1 or scale.size > _MOST_NUMBERS:
            return []
        attributes = [
            hdf5.number_attribute("scale", scale),
            hdf5.number_attribute("zero_point", zero_point),
        ]
        if quantization.axis is not None:
            attributes.append(hdf5.number_attribute("axis", np.asarray(quantization.axis)))
        return attributes

    def _write_pending(self, sample: _Sample) -> None:
        """The headers of new tensors and of their group, in one piece."""
        start = self._end + -self._end % 8
        headers = bytearray()
        for name, stored in sample.pending.items():
            attributes = stored.attributes
            if stored.kind != "intermediate":
                attributes = attributes + [hdf5.text_attribute("kind", self._words[stored.kind])]
            if stored.logical is not None:
                word = self._words[stored.logical]
                attributes = attributes + [hdf5.text_attribute("dtype", word)]
            address = start + len(headers)
            sample.links.append(hdf5.link(_key(name), len(sample.links), address))
            headers += hdf5.dataset_header(
                stored.shape, stored.dtype, stored.address, stored.size, attributes
            )
        sample.pending.clear()
        sample.address = start + len(headers)
        headers += hdf5.group_header(sample.links)
        self._append(headers, len(headers), 8)

    def _write_index(self, partial: str) -> None:
        self._samples.setdefault(0, _Sample())
        for sample in self._samples.values():
            if sample.pending or not sample.address:
                self._write_pending(sample)
        links = [
            hdf5.link(b"%06d" % number, order, sample.address)
            for order, (number, sample) in enumerate(sorted(self._samples.items()))
        ]
        header = hdf5.group_header(links)
        samples = self._append(header, len(header), 8)
        facts = {name: text for name, text in self._texts.items() if text}
        if partial:
            facts["partial"] = partial
        words = self._append_texts(list(facts.values()))
        numbers = {"version": 1, "samples": max(self._samples) + 1}
        if self._seed is not None:
            numbers["seed"] = self._seed
        attributes = [hdf5.text_attribute(name, words[text]) for name, text in facts.items()]
        attributes += [hdf5.number_attribute(n, np.asarray(v)) for n, v in numbers.items()]
        members = [hdf5.link(b"samples", 0, samples), *self._datasets.values()]
        header = hdf5.group_header(members, attributes)
        root = self._append(header, len(header), 8)
        try:
            self._file.flush()
            os.pwrite(self._raw.fileno(), hdf5.superblock(root, self._end), 0)
        except OSError as problem:
            self._fail(problem)
