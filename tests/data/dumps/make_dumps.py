"""Makes the dumps of this folder with h5py, which our own writer must agree with."""
import ctypes

import h5py
import numpy as np

RNG = np.random.default_rng(7)


def header(file, samples):
    file.attrs.update(format="syncpoint-dump", version=1, producer="make_dumps.py", created="2026-01-01T00:00:00Z",
                      model="tiny.onnx", model_sha256="", runtime="numpy", samples=samples)


def add(group, name, values, dtype, kind="intermediate", attributes=None, **options):
    key = name.replace("%", "%25").replace("/", "%2F")
    dataset = group.create_dataset(key, data=values, **options)
    dataset.attrs.update(name=name, kind=kind, dtype=dtype, **(attributes or {}))


def dump(path, options):
    with h5py.File(path, "w") as file:
        header(file, 2)
        for sample in range(2):
            group = file.create_group(f"samples/{sample:06d}")
            ramp = np.arange(2 * 3 * 40 * 50, dtype=np.float32).reshape(2, 3, 40, 50) + sample
            add(group, "/encoder/Conv_output_0", ramp, "float32", attributes={
                "node": "/encoder/Conv", "op_type": "Conv", "module": "encoder.conv", "layout": "NCHW"}, **options)
            add(group, "half", (np.arange(64) / 8 - 4).astype(np.float16), "float16", **options)
            add(group, "brain", (np.arange(8, dtype=np.float32).view(np.uint32) >> 16).astype(np.uint16), "bfloat16",
                **options)
            add(group, "mask", np.arange(10) % 3 == 0, "bool", **options)
            add(group, "nibbles", (np.arange(15) - 7).astype(np.int8), "int4", **options)
            add(group, "weights%q", np.arange(-8, 8, dtype=np.int8).reshape(4, 4), "int8", "parameter",
                {"scale": np.array([0.5, 1.0, 2.0, 4.0]), "zero_point": np.array([0, 1, 2, 3]), "axis": 0}, **options)
            add(group, "bad axis", np.zeros((2, 2), np.int8), "int8", "parameter",
                {"scale": np.ones(2), "axis": 7}, **options)
        file["profile"] = '{"nodes": {"/encoder/Conv": {"us": 12.5, "provider": "CPU", "runs": 3}}, "runs": 3,' \
                          ' "latency_us": {"p50": 20.0, "p90": NaN, "mean": 21.0, "max": Infinity}}'
        file["graph"] = '{"nodes": [{"name": "/encoder/Conv", "op_type": "Conv", "inputs": ["image", ""], "outputs":' \
                        ' ["/encoder/Conv_output_0"], "module": "encoder.conv", "source": [{"file": "net.py",' \
                        ' "line": 12, "column": 4, "function": "forward"}]}], "inputs": ["image"],' \
                        ' "outputs": ["/encoder/Conv_output_0"]}'


def foreign(path):
    with h5py.File(path, "w") as file:
        layer = file.create_group("model/layer1")
        layer["kernel"] = RNG.normal(size=(3, 4))
        layer["big_endian"] = np.arange(6, dtype=">f4").reshape(2, 3)
        layer["shorts"] = np.arange(5, dtype=">i2")
        layer["step"] = 17
        file["names"] = ["a", "b"]
        file["record"] = np.zeros(2, dtype=[("a", "i4"), ("b", "f8")])
        file["model/loop"] = file["model"]
        file["soft"] = h5py.SoftLink("/model/layer1/kernel")
        file["outside"] = h5py.ExternalLink("/etc/passwd", "/x")
        file.create_dataset("elsewhere", shape=(4,), dtype="u1", external=[("/etc/passwd", 0, 4)])
        file.create_dataset("claims", shape=(1 << 40,), dtype="f4", chunks=(1 << 20,), compression="gzip")


def properties(chunks=None, set_up=None):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    if chunks:
        plist.set_chunk(chunks)
    if set_up:
        set_up(plist)
    return plist


def low_level(file, name, values, plist):
    space = h5py.h5s.create_simple(values.shape)
    dataset = h5py.h5d.create(file.id, name, h5py.h5t.py_create(values.dtype), space, plist)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, values)
    return dataset


def plain_edges(plist):
    """Chunks that reach beyond the dataset are not filtered; h5py has no name for it."""
    plist.set_deflate(6)
    assert ctypes.CDLL("libhdf5_serial.so.103").H5Pset_chunk_opts(ctypes.c_int64(plist.id), 2) == 0


def chunked(path, **options):
    """Every way to store chunks: those named "ramp…" hold 0, 1, 2 …, 7 × 10, with parts of chunks at the edges."""
    ramp = np.arange(70, dtype=np.float32).reshape(7, 10)
    with h5py.File(path, "w", **options) as file:
        def add(name, values=ramp, **kind):
            return file.create_dataset(name, data=values, **{"chunks": (3, 4), **kind})
        add("ramp fixed")
        add("ramp one unlimited", maxshape=(None, 10), compression="gzip")
        add("ramp all unlimited", maxshape=(None, None), compression="gzip", shuffle=True)
        add("ramp single", chunks=(7, 10))
        add("ramp single packed", chunks=(7, 10), compression="gzip")
        add("ramp chunk larger", chunks=(16, 16), maxshape=(None, None), compression="gzip")
        add("ramp whole rows", chunks=(3, 10), compression="gzip", shuffle=True)
        add("ramp checksum", fletcher32=True)
        add("ramp checksum first", fletcher32=True, shuffle=True, compression="gzip")
        add("ramp of doubles", ramp.astype("f8"), shuffle=True, compression="gzip")
        add("ramp big endian", ramp.astype(">f4"), shuffle=True, compression="gzip")
        add("ramp of shorts", ramp.astype(">u2"))
        add("ramp of bytes", ramp.astype("i1"), shuffle=True, compression="gzip")
        add("ramp of complex", ramp.astype("c8"), shuffle=True, compression="gzip")
        low_level(file, b"ramp early", ramp, properties((3, 4), lambda p: p.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)))
        low_level(file, b"ramp compact", ramp, properties(None, lambda p: p.set_layout(h5py.h5d.COMPACT)))
        if "libver" in options:
            low_level(file, b"ramp plain edges", ramp, properties((3, 4), plain_edges))
        some = add("ramp some filters", compression="gzip", shuffle=True)
        raw = np.zeros((3, 4), np.float32)
        raw[:, :] = ramp[3:6, 4:8]
        some.id.write_direct_chunk((3, 4), raw.tobytes(), filter_mask=3)

        sparse = file.create_dataset("filled", shape=(7, 10), dtype="f4", chunks=(3, 4), fillvalue=-1.5, compression="gzip")
        sparse[3:6, 4:8] = 2
        file.create_dataset("never written", shape=(7, 10), dtype="i2", fillvalue=9)
        file.create_dataset("empty", shape=(0, 10), dtype="f4", chunks=(3, 4), maxshape=(None, 10))
        file.create_dataset("scalar", data=np.float16(1.5))
        add("fast packing", compression="lzf")
        add("lossy packing", ramp.astype("i4"), scaleoffset=3)
        file.create_dataset("long doubles", data=np.zeros(2, np.longdouble))


dump("contiguous.h5", {})
dump("gzip.h5", {"compression": "gzip", "shuffle": True, "chunks": True})
foreign("foreign.h5")
chunked("chunks.h5", userblock_size=512)
chunked("chunks-1.10.h5", libver=("v110", "v110"))
