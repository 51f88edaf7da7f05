#!/usr/bin/python3
"""Recomputes every score of a comparison from its dumps, with NumPy alone.

usage: scripts/check_scores.py COMPARE.json BASELINE.h5 CANDIDATE.h5 [--tolerance-db 0.01]

COMPARE.json comes from `syncpoint-cli compare … --json`, the dumps are those it compared. Formulas are those of
docs/metrics.md; nothing of Syncpoint's own code is used. Prints the largest deviation of every metric; exit 1 when one is
larger than it may be or when nothing was checked. Needs python3-numpy and python3-h5py.
"""
import argparse
import json
import re
import sys

import h5py
import numpy as np

# How a deviation is measured, and what is allowed (None: --tolerance-db).
POWER, AMPLITUDE, DECIBEL, ABSOLUTE, RELATIVE = range(5)
KINDS = {
    "psnr": (DECIBEL, None), "sqnr": (DECIBEL, None), "mse": (POWER, None), "rmse": (AMPLITUDE, None),
    "mae": (AMPLITUDE, None), "max_abs": (AMPLITUDE, None), "rel_l2": (AMPLITUDE, None),
    "cosine": (ABSOLUTE, 1e-6), "pcc": (ABSOLUTE, 1e-6), "gain": (RELATIVE, 1e-6), "bias": (ABSOLUTE, None),
    "mismatch_ratio": (ABSOLUTE, 1e-9), "p99_abs": (RELATIVE, 0.011), "p999_abs": (RELATIVE, 0.011),
}


class Dump:
    """Tensors of all samples by name."""

    def __init__(self, path):
        self.file = h5py.File(path, "r")
        self.samples = []
        for _, group in sorted(self.file["samples"].items()):
            named = {}
            for key, dataset in group.items():
                named[text(dataset.attrs.get("name", key))] = dataset
            self.samples.append(named)


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def stored(dataset):
    """The elements as NumPy has them; None for types it lacks."""
    dtype = text(dataset.attrs.get("dtype", str(dataset.dtype)))
    values = dataset[()]
    if dtype == "bfloat16":
        return (values.astype(np.uint32) << 16).view(np.float32)
    if dtype.startswith("float8") or dtype in ("float4_e2m1", "string"):
        return None
    if dtype == "int4" and values.dtype.kind == "u":
        values = values.astype(np.int8)
        return np.where(values > 7, values - 16, values)
    return values


def quantization(dataset, side):
    """scale, zero point and axis: the dump's own, else the report's."""
    if "scale" in dataset.attrs:
        scale, zero = dataset.attrs["scale"], dataset.attrs.get("zero_point", 0)
        axis = dataset.attrs.get("axis")
    else:
        scale, zero, axis = side.get("scale"), side.get("zero_point"), side.get("axis")
    if scale is None:
        return None
    scale = np.atleast_1d(np.asarray(scale, np.float64))
    zero = np.atleast_1d(np.asarray(0 if zero is None else zero, np.float64))
    if scale.size > 1 and axis is None:
        fitting = [i for i, extent in enumerate(dataset.shape) if extent == scale.size]
        if len(fitting) != 1:
            return None
        axis = fitting[0]
    return scale, zero, axis


def real(dataset, side):
    """The real numbers of a tensor: integers with a scale are dequantized in double."""
    values = stored(dataset)
    if values is None:
        return None
    parameters = quantization(dataset, side) if values.dtype.kind in "iu" else None
    if parameters is None:
        return values if values.dtype.kind in "iub" else values.astype(np.float64)
    scale, zero, axis = parameters
    if scale.size > 1:
        shape = [1] * values.ndim
        shape[int(axis)] = scale.size
        scale = scale.reshape(shape)
        zero = zero.reshape(shape) if zero.size > 1 else zero
    return (values.astype(np.float64) - zero) * scale


def transformed(values, transform):
    permutation = re.search(r"permute\(([\d,]+)\)", transform)
    if permutation:
        values = values.transpose([int(axis) for axis in permutation.group(1).split(",")])
    return values.ravel()  # a reshape keeps the order


def scores(r, c, point):
    """The formulas of docs/metrics.md over concatenated samples."""
    out = {}
    equal = (r == c) | ((r != r) & (c != c))
    out["mismatch_ratio"] = 1.0 - np.count_nonzero(equal) / r.size
    if r.dtype.kind in "iub" and c.dtype.kind in "iub":
        return out
    r, c = r.astype(np.float64), c.astype(np.float64)
    valid = np.isfinite(r) & np.isfinite(c)
    r, c = r[valid], c[valid]
    if r.size == 0:
        return out
    e = c - r
    absolute = np.abs(e)
    ee, rr, cc, rc = np.sum(e * e), np.sum(r * r), np.sum(c * c), np.sum(r * c)
    out.update(mse=ee / r.size, rmse=np.sqrt(ee / r.size), mae=np.mean(absolute), bias=np.mean(e),
               max_abs=np.max(absolute))
    for name, share in (("p99_abs", 0.99), ("p999_abs", 0.999)):
        rank = max(int(np.ceil(share * r.size)), 1) - 1
        out[name] = np.partition(absolute, rank)[rank]
    if rr > 0:
        out.update(rel_l2=np.sqrt(ee / rr), gain=rc / rr)
    if rr > 0 and cc > 0 and r.size > 1:
        out["cosine"] = rc / np.sqrt(rr * cc)
    if r.size > 1 and np.ptp(r) > 0 and np.ptp(c) > 0:
        dr, dc = r - r.mean(), c - c.mean()
        out["pcc"] = np.sum(dr * dc) / np.sqrt(np.sum(dr * dr) * np.sum(dc * dc))
    mode = (point.get("peak") or {}).get("mode", "range")
    peak = {"range": np.ptp(r), "maxabs": np.max(np.abs(r)), "max": np.max(r)}.get(mode)
    if peak is None:
        peak = float(mode.split(":")[1])
    if ee > 0 and peak > 0:
        out["psnr"] = 10.0 * np.log10(peak * peak / out["mse"])
    if ee > 0 and rr > 0:
        out["sqnr"] = 10.0 * np.log10(rr / ee)
    return out


def deviation(kind, ours, theirs, scale):
    if ours == theirs:
        return 0.0
    if kind in (ABSOLUTE, DECIBEL):
        return abs(ours - theirs) / (scale if kind == ABSOLUTE else 1.0)
    if ours * theirs <= 0:
        return float("inf")
    if kind == RELATIVE:
        return abs(ours / theirs - 1.0)
    return abs((10.0 if kind == POWER else 20.0) * np.log10(ours / theirs))


def concatenated(point, dumps):
    """Both sides of a sync point over all samples; None when a side cannot be read here."""
    parts = ([], [])
    for sample in range(len(dumps[0].samples)):
        for i, side in enumerate(("baseline", "candidate")):
            dataset = dumps[i].samples[sample].get(point[side]["value"])
            values = None if dataset is None else real(dataset, point[side])
            if values is None:
                return None
            parts[i].append(transformed(values, point["transform"] if i else "identity"))
    r, c = (np.concatenate(part) for part in parts)
    return (r, c) if r.size == c.size and r.size else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report")
    parser.add_argument("baseline")
    parser.add_argument("candidate")
    parser.add_argument("--tolerance-db", type=float, default=0.01)
    arguments = parser.parse_args()
    with open(arguments.report, encoding="utf-8") as file:
        report = json.load(file)
    dumps = Dump(arguments.baseline), Dump(arguments.candidate)

    worst, checked, unread, failures = {}, 0, 0, []
    for point in report["sync_points"]:
        if point["status"] != "compared":
            continue
        name = point["baseline"]["value"]
        pair = concatenated(point, dumps)
        if pair is None:
            unread += 1
            continue
        expected = scores(*pair, point)
        checked += 1
        if (point["state"] == "exact") != (expected["mismatch_ratio"] == 0.0):
            failures.append(f"{name}: state {point['state']}, but {expected['mismatch_ratio']:.3g} of it differs")
        for metric, (kind, allowed) in KINDS.items():
            ours, theirs = point["metrics"].get(metric), expected.get(metric)
            if ours is None and theirs is None:
                continue
            if ours is None or theirs is None:
                failures.append(f"{name}: {metric} is {ours}, NumPy has {theirs}")
                continue
            # A mean error is compared on the scale of the errors themselves.
            scale = max(expected.get("rmse", 0.0), 1e-300) if metric == "bias" else 1.0
            off = deviation(kind, ours, theirs, scale)
            if off > worst.get(metric, (-1.0, ""))[0]:
                worst[metric] = off, name
            limit = arguments.tolerance_db if allowed is None else allowed
            if not off <= (1e-6 if metric == "bias" else limit):
                failures.append(f"{name}: {metric} is {ours}, NumPy has {theirs}")

    units = {DECIBEL: "dB", POWER: "dB", AMPLITUDE: "dB", ABSOLUTE: "", RELATIVE: "relative"}
    for metric, (off, name) in worst.items():
        print(f"{metric:16} largest deviation {off:9.3g} {units[KINDS[metric][0]]:8} at {name}")
    print(f"{checked} sync points checked, {unread} not readable here, {len(failures)} wrong")
    for failure in failures[:20]:
        print("  " + failure)
    return 1 if failures or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
