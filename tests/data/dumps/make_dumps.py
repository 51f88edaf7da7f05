"""Makes the dumps of this folder with h5py, which our own writer must agree with."""
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


dump("contiguous.h5", {})
dump("gzip.h5", {"compression": "gzip", "shuffle": True, "chunks": True})
foreign("foreign.h5")
