"""Writes the inputs that the fuzzers start from: a folder per target and a dictionary for those of text formats.

usage: make_seeds.py OUTPUT DATA_FOLDER...

Inputs are the files of the data folders that a target's format fits, the texts of seeds/ beside this script, and small
binary files that are made here. targets.txt says what a target's input consists of.
"""
import base64
import collections
import io
import json
import pathlib
import re
import sqlite3
import struct
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).parent
NEXT_FILE = b"<next file>"
MOST_BYTES = 200_000
MOST_FILES = 300  # per target, evenly of all there are


def targets():
    """Name, form ("", "." or "zip") and files per line of targets.txt."""
    for line in (HERE / "targets.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, *files = line.split()
            has_form = files[0] in (".", "zip")
            yield name, files[0] if has_form else "", files[has_form:]


# ---------------------------------------------------------------- files made here

def npy(dtype="<f4", shape=(2, 3), data=None, version=1, fortran=False):
    header = f"{{'descr': '{dtype}', 'fortran_order': {fortran}, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11 + 2 * (version > 1)) % 64) + "\n"
    size = struct.pack("<H" if version == 1 else "<I", len(header))
    count = 1
    for extent in shape:
        count *= extent
    data = bytes(count * int(dtype[2:])) if data is None else data
    return b"\x93NUMPY" + bytes([version, 0]) + size + header.encode("latin-1") + data


def archive(members, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def safetensors(**tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, (dtype, shape, content) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def gguf():
    def text(value):
        return struct.pack("<Q", len(value)) + value.encode()
    tensors = [("f", (2, 3), 0, 24), ("h", (4,), 1, 8), ("q4_0", (32,), 2, 18), ("q8_0", (32,), 8, 34),
               ("q4_k", (256,), 12, 144), ("q5_k", (256,), 13, 176), ("q6_k", (256,), 14, 210), ("odd", (4,), 99, 4)]
    out = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), 4)
    out += text("general.name") + struct.pack("<I", 8) + text("tiny")
    out += text("general.alignment") + struct.pack("<II", 4, 64)
    out += text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b")
    out += text("rope") + struct.pack("<If", 6, 1.5)
    data = b""
    for name, shape, kind, size in tensors:
        out += text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        out += struct.pack("<IQ", kind, len(data))
        data += bytes(i * 7 % 251 for i in range(size))
        data += bytes(-len(data) % 64)
    return out + bytes(-len(out) % 64) + data


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def field(number, content):
    """A field of a protobuf message: length-delimited, or a number."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def tensor_proto(name=b"x", data_type=1, dims=(2,), raw=struct.pack("<2f", 1, 2)):
    out = b"".join(field(1, extent) for extent in dims) + field(2, data_type)
    return out + field(8, name) + (field(9, raw) if raw else field(4, struct.pack("<2f", 3, 4)))


def debug_database():
    """What a debug build of ONNX Runtime writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "dump.db"
        database = sqlite3.connect(path)
        database.executescript(
            "CREATE TABLE Tensors (Step int not null, Name text not null, Value TensorProto, DeviceType text, TracedProducer NodeArg, "
            "TracedConsumers NodeArgList, primary key (Step, Name));"
            "CREATE TABLE Nodes (ExecutionCounter int, Name text primary key not null, OpType text not null, ExecutionProvider text);"
            "INSERT INTO Nodes VALUES (0, 'relu', 'Relu', 'CPUExecutionProvider');")
        database.executemany("INSERT INTO Tensors VALUES (?, ?, ?, 'CPU', 'relu:0', '')",
                             [(1, "x", tensor_proto()), (2, "x", tensor_proto(b"y", raw=b""))])
        database.commit()
        database.close()
        return path.read_bytes()


def blob_file():
    """Weights of a Core ML program: a blob of type 1 (fp16) described at byte 64."""
    data = struct.pack("<4e", 1, 2, 3, 4)
    out = struct.pack("<II", 1, 2) + bytes(56)
    return out + struct.pack("<IIQQ", 0xDEADBEEF, 1, len(data), 128) + bytes(40) + data


def neural_network():
    """A Core ML neural network with weights of every kind: floats, halves, linear codes, a table."""
    def layer(name, inputs, outputs, kind, parameters):
        return field(1, field(1, name) + b"".join(field(2, each) for each in inputs) + b"".join(field(3, each) for each in outputs)
                     + field(kind, parameters))

    def floats(*numbers):
        return field(1, struct.pack(f"<{len(numbers)}f", *numbers))
    table = field(30, b"\x1b\x00\x00\x00") + field(40, field(1, 2) + field(102, floats(1, 2, 3, 4)))
    codes = field(30, b"\x01\x02\x03\x04") + field(40, field(1, 8) + field(101, floats(0.5, 2) + field(2, struct.pack("<2f", -1, 2))))
    halves = field(2, struct.pack("<4e", 1, 2, 3, 4))
    kernel = field(1, 2) + field(2, 1) + field(20, b"\x01\x02") + field(90, floats(1, 2, 3, 4)) + field(91, floats(0.5, -0.5))
    network = layer(b"conv1", [b"x"], [b"c"], 100, kernel) + layer(b"act", [b"c"], [b"r"], 130, field(10, b""))
    for name, weights in ((b"f1", codes), (b"f2", table), (b"f3", halves)):
        network += layer(name, [b"r"], [name + b"_out"], 140, field(1, 2) + field(2, 2) + field(20, weights))
    network += layer(b"sum", [b"r", b"c"], [b"y"], 230, b"")
    description = field(1, field(1, b"x")) + field(10, field(1, b"y"))
    return field(1, 4) + field(2, description) + field(500, network)


def polygraphy():
    array = {"array": base64.b64encode(npy(shape=(2,))).decode(), "polygraphy_class": "ndarray"}
    large = {"array": base64.b64encode(npy(shape=(300,))).decode(), "polygraphy_class": "ndarray"}
    outputs = {"y": array, "z": {"values": large, "polygraphy_class": "LazyArray"}, "t": {"values": {"tensor": "abcd"}}}
    iteration = {"outputs": outputs, "runtime": 0.1, "runner_name": "trt", "polygraphy_class": "IterationResult"}
    results = {"lst": [["trt-runner", [iteration, iteration]]], "polygraphy_class": "RunResults"}
    return [json.dumps(results).encode(), json.dumps([{"x": array}]).encode()]


def core_ai():
    def node(name, op, target, file):
        return {"node_name": name, "node_op": op, "node_target": target, "shape": [2, 3], "torch_dtype": "torch.float32",
                "data_file": f"data/{file}.npy"}
    sources = {"torch": {"1": {"identifiers": ["relu"]}}, "coreml": {"2": {"identifiers": ["r_1", "r_2"]}}}
    outputs = [{"source_level": "torch", "source_op_id": 1, "source_output": 0, "target_level": "coreml", "target_op_id": "2"}]
    return json.dumps({
        "inputs": {"x": node("x", "placeholder", "x", "a")},
        "outputs": {"relu": node("relu", "call_function", "aten.relu.default", "b")},
        "intermediates": {"w": node("w", "get_attr", "fc.weight", "b"), "split": {"node_op": "call_function"}},
        "mappings": {"sources": sources, "outputs": outputs}}).encode()


def msprobe(name="dump_tensor_data"):
    def tensor(shape, **more):
        return {"type": "torch.Tensor", "dtype": "torch.float32", "shape": shape, "Max": 1.0, "Min": -1.0, "Mean": 0.25, "Norm": 3.5,
                "requires_grad": True, **more}
    conv = {"input_args": [tensor([2, 3], data_name="a.npy"), None, [{"type": "int", "value": 2}]], "input_kwargs": {},
            "output": [tensor([2, 4])]}
    module = {"input_args": [tensor([2, 3])], "input_kwargs": {"k": tensor([1], data_name="b.pt")}, "output": [tensor([2, 4])],
              "parameters": {"weight": tensor([4, 3])}}
    dump = {"task": "tensor", "level": "mix", "framework": "pytorch", "dump_data_dir": name,
            "data": {"Functional.conv2d.0.forward": conv, "Module.conv1.Conv2d.forward.0": module}}
    construct = {"Functional.conv2d.0.forward": "Module.conv1.Conv2d.forward.0", "Module.conv1.Conv2d.forward.0": None}
    stack = {"0": [["Functional.conv2d.0.forward"], ["File /p/net.py, line 61, in forward, \n x = 1", "File /p/main.py, line 5, in <module>"]]}
    return [json.dumps(part).encode() for part in (dump, construct, stack)] + [npy()]


def made():
    """Inputs as lists of file contents, by target."""
    float16 = struct.pack("<2e", 1, 2)
    manifest = {"tensors": {
        "a": {"file": "a.raw", "dtype": "float32", "shape": [2], "kind": "output"},
        "b": {"file": "b.npy", "dtype": "bfloat16", "shape": [1, 2]},
        "q": {"file": "a.raw", "dtype": "int8", "shape": [4, 2], "scale": [0.5, 1, 2, 3], "zero_point": [1, 0, 0, 0], "axis": 0}}}
    net = {"graph": {"tensors": {
        "a": {"id": 1, "type": 0, "dims": [2], "data_type": 562},
        "b": {"id": 2, "type": 1, "dims": [2], "data_type": "0x0408",
              "quant_params": {"definition": 1, "encoding": 0, "scale_offset": {"scale": 0.5, "offset": -2}}},
        "c": {"id": 3, "type": 4, "dims": [2, 2], "data_type": 50}},
        "nodes": {"relu": {"package": "qti.aisw", "type": "Relu", "input_names": ["a", "c"], "output_names": ["b"]}}}}
    arrays = {"x.npy": npy(), "inside/y.npy": npy("<i8", (3,)), "readme.txt": "text"}
    program = (HERE / "seeds/coreml-text/programs").read_bytes()
    return {
        "npy": [[npy()], [npy(">f8", (2, 2), fortran=True)], [npy("|b1", (4,), version=2)], [npy("<V2", (2,), version=3)],
                [npy("<c8", ())], [npy("|S4", (2,))], [npy("<U3", (2,))]],
        "npz": [[archive(arrays)], [archive(arrays, zipfile.ZIP_DEFLATED)]],
        "safetensors": [[safetensors(a=("F32", [2], bytes(8)), b=("BF16", [1, 2], float16), c=("F4", [4], b"\x12\x34"))]],
        "gguf": [[gguf()]],
        "onnx-test-data": [[tensor_proto(), tensor_proto(b"y", raw=b""), tensor_proto()]],
        "ort-debug-dump": [[tensor_proto(), tensor_proto(b"y", raw=b"")]],
        "ort-debug-sqlite": [[debug_database()]],
        "polygraphy": [[each] for each in polygraphy()],
        "tensorrt-output": [[b'[{"name":"y","dimensions":"1x2","values":[1.5,"NaN"]},{"name":"s","dimensions":"","values":[3]}]']],
        "raw-manifest": [[json.dumps(manifest).encode(), bytes(8), npy("<V2", (2,))]],
        "qnn": [[json.dumps(net).encode(), bytes(8), bytes(2), bytes(8)]],
        "npy-folder": [[npy(), npy("<i8", (3,))]],
        "aimodelintermediates": [[core_ai(), npy(), npy()]],
        "msprobe": [msprobe()],
        "coreml": [[neural_network()]],
        "coreml-text": [[program, b"", blob_file()]],
    }


# ---------------------------------------------------------------- files that are there

def small_files(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file() and 0 < path.stat().st_size <= MOST_BYTES:
                yield path


def companion(opened, wanted):
    """The file beside `opened` that the loader would look for: of that name, or named as the opened one."""
    for name in (wanted, opened.stem + pathlib.Path(wanted).suffix):
        path = opened.parent / name
        if path.is_file() and path != opened and path.stat().st_size <= MOST_BYTES:
            return path.read_bytes()
    return b""


def members(path, wanted):
    """The members of an archive; the folder they all lie in may have another name."""
    with zipfile.ZipFile(path) as file:
        by_tail = {name.split("/", 1)[-1]: name for name in file.namelist()}
        names = [by_tail.get(each.split("/", 1)[-1]) for each in wanted]
        return [file.read(name) if name else b"" for name in names] if names[0] else None


def found(path, form, files):
    """The input that starts with `path`; nothing when the file is not of the target's kind."""
    first = pathlib.PurePath(files[0])
    if form == "zip":
        return members(path, files[1:]) if path.suffix == first.suffix else None
    if form == ".":
        folder = path.parents[len(first.parts) - 1]
        if path != folder / first:
            return None
        paths = [folder / each for each in files]
        return [each.read_bytes() if each.is_file() and each.stat().st_size <= MOST_BYTES else b"" for each in paths]
    if path.suffix != first.suffix or first.suffix in (".json", ".csv", ""):
        return None
    return [path.read_bytes()] + [companion(path, each) for each in files[1:]]


def dictionary(inputs):
    """The words that texts use most, in the form that libFuzzer reads."""
    words = collections.Counter()
    for content in inputs:
        words.update(re.findall(rb"[A-Za-z_][A-Za-z0-9_.:-]{2,40}", content[:100_000]))
    lines = ['"<next file>"', '"18446744073709551615"', '"-9223372036854775808"', '"1e999"', '"4294967296"']
    return "\n".join(lines + [f'"{word.decode()}"' for word, _ in words.most_common(200)]) + "\n"


def main():
    output, *folders = sys.argv[1:]
    files = list(small_files(folders))
    by_hand = made()
    for name, form, parts in targets():
        inputs = list(by_hand.get(name, []))
        of_data = [input for input in (found(path, form, parts) for path in files) if input]
        of_data = [input for input in of_data if sum(map(len, input)) <= MOST_BYTES]
        inputs += of_data[::len(of_data) // MOST_FILES + 1]
        contents = [NEXT_FILE.join(input).removesuffix(NEXT_FILE) for input in inputs]
        folder = HERE / "seeds" / name
        contents += [path.read_bytes() for path in sorted(folder.glob("*"))] if folder.is_dir() else []
        target = pathlib.Path(output) / name
        target.mkdir(parents=True, exist_ok=True)
        for i, content in enumerate(contents):
            (target / f"seed-{i:04}").write_bytes(content)
        is_text = contents and all(b"\0" not in content for content in contents)
        (pathlib.Path(output) / f"{name}.dict").write_text(dictionary(contents if is_text else []))


if __name__ == "__main__":
    main()
