"""Makes the samples of this folder from the PromptSeg export that PyTorch 2.6 wrote: make_samples.py promptseg.pt2

Needs no PyTorch: the program's JSON and the elements are taken over, the pickle is written again in the same form."""
import collections
import io
import json
import pickle
import struct
import sys
import types
import zipfile

MODULE = "detector.decoder"
FIXED_TIME = (2026, 1, 1, 0, 0, 0)


def fake_torch():
    """Modules under the names that a state dict refers to."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch", "__qualname__": "FloatStorage"})
    torch.LongStorage = type("LongStorage", (), {"__module__": "torch", "__qualname__": "LongStorage"})
    for name in ("_rebuild_tensor_v2", "_rebuild_parameter"):
        function = types.FunctionType((lambda *arguments: arguments).__code__, {}, name)
        function.__module__, function.__qualname__ = "torch._utils", name
        setattr(utils, name, function)
    sys.modules.update({"torch": torch, "torch._utils": utils})
    torch._utils = utils
    return torch


class Storage:
    def __init__(self, kind, key, count):
        self.id = ("storage", kind, key, "cpu", count)


class Tensor:
    def __init__(self, storage, shape, strides):
        self.arguments = (storage, 0, shape, strides, False, collections.OrderedDict())

    def __reduce__(self):
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.arguments


class Parameter:
    def __init__(self, tensor):
        self.arguments = (tensor, True, collections.OrderedDict())

    def __reduce__(self):
        return sys.modules["torch._utils"]._rebuild_parameter, self.arguments


class TorchPickler(pickle.Pickler):
    def persistent_id(self, value):
        return value.id if isinstance(value, Storage) else None


def add(archive, name, data, packed=False, align=1):
    info = zipfile.ZipInfo(name, FIXED_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    start = archive.fp.tell() + 30 + len(name)
    padding = -(start + 4) % align if align > 1 else 0
    if align > 1:  # PyTorch pads with such a field
        info.extra = struct.pack("<HH", 0x4246, padding) + b"\0" * padding
    archive.writestr(info, data)


def save_state_dict(weights, align=64):
    """What torch.save() makes of {name: (is parameter, type, shape, elements)}."""
    torch, state, storages = fake_torch(), collections.OrderedDict(), []
    for name, (is_parameter, kind, shape, data) in weights.items():
        strides, step = [], 1
        for extent in reversed(shape):
            strides.insert(0, step)
            step *= extent
        storage = Storage(getattr(torch, kind), str(len(storages)), step)
        storages.append(data)
        tensor = Tensor(storage, tuple(shape), tuple(strides))
        state[name] = Parameter(tensor) if is_parameter else tensor
    text = io.BytesIO()
    TorchPickler(text, 2).dump(state)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        add(archive, "archive/data.pkl", text.getvalue(), align=align)
        add(archive, "archive/byteorder", b"little", align=align)
        for key, data in enumerate(storages):
            add(archive, f"archive/data/{key}", data, align=align)
        add(archive, "archive/version", b"3\n", align=align)
    return file.getvalue()


class Unpickler(pickle.Unpickler):
    """The weights of PyTorch's own pickle: {name: (is parameter, type, shape, storage key)}."""

    def persistent_load(self, key):
        return key[1], key[2]

    def find_class(self, module, name):
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, shape, *rest: (False, storage[0], list(shape), storage[1])
        if name.startswith("_rebuild_parameter"):
            return lambda tensor, *rest: (True,) + tensor[1:]
        if name.endswith("Storage"):
            return name
        assert (module, name) == ("collections", "OrderedDict")
        return collections.OrderedDict


def weights_of(saved):
    with zipfile.ZipFile(io.BytesIO(saved)) as archive:
        state = Unpickler(io.BytesIO(archive.read("archive/data.pkl"))).load()
        return {name: (is_parameter, kind, shape, archive.read(f"archive/data/{key}"))
                for name, (is_parameter, kind, shape, key) in state.items()}


def names_in(arguments):
    return [argument["arg"]["as_tensor"]["name"] for argument in arguments if "as_tensor" in argument["arg"]]


def cut(program):
    """The ops of one module; what they read from outside becomes inputs of the program."""
    graph, signature = program["graph_module"]["graph"], program["graph_module"]["signature"]
    graph["nodes"] = [node for node in graph["nodes"] if f",{MODULE}" in node["metadata"]["nn_module_stack"]]
    made = [output["as_tensor"]["name"] for node in graph["nodes"] for output in node["outputs"]]
    used = [name for node in graph["nodes"] for name in names_in(node["inputs"])]
    weights = [spec for spec in signature["input_specs"]
               if not {"parameter", "buffer"}.isdisjoint(spec) and next(iter(spec.values()))["arg"]["name"] in used]
    known = {next(iter(spec.values()))["arg"]["name"] for spec in weights} | set(made)
    inputs = [name for name in dict.fromkeys(used) if name not in known]
    signature["input_specs"] = weights + [{"user_input": {"arg": {"as_tensor": {"name": name}}}} for name in inputs]
    signature["output_specs"] = [{"user_output": {"arg": {"as_tensor": {"name": made[-1]}}}}]
    graph["inputs"] = [{"as_tensor": {"name": next(iter(spec.values()))["arg"].get("name")
                                      or spec["user_input"]["arg"]["as_tensor"]["name"]}}
                       for spec in signature["input_specs"]]
    graph["outputs"] = [{"as_tensor": {"name": made[-1]}}]
    kept = set(made) | set(used)
    graph["tensor_values"] = {name: meta for name, meta in graph["tensor_values"].items() if name in kept}
    program["graph_module"]["module_call_graph"] = []
    return {next(v for k, v in next(iter(spec.values())).items() if k.endswith("_name")) for spec in weights}


def write_flat(path, program, saved):
    with zipfile.ZipFile(path, "w") as archive:
        add(archive, "serialized_exported_program.json", json.dumps(program).encode())
        add(archive, "serialized_state_dict.pt", saved)
        add(archive, "serialized_constants.pt", save_state_dict({}))
        add(archive, "version", b"8.2")


def write_archive(path, program, weights):
    """The layout of PyTorch 2.8: raw storages and JSON that lists them."""
    scalar_types = {"FloatStorage": 7, "LongStorage": 5}
    config = {}
    with zipfile.ZipFile(path, "w") as archive:
        add(archive, "decoder/archive_format", b"pt2", align=64)
        add(archive, "decoder/byteorder", b"little", align=64)
        add(archive, "decoder/models/model.json", json.dumps(program).encode(), align=64)
        for index, (name, (is_parameter, kind, shape, data)) in enumerate(weights.items()):
            add(archive, f"decoder/data/weights/weight_{index}", data, align=64)
            strides, step = [], 1
            for extent in reversed(shape):
                strides.insert(0, {"as_int": step})
                step *= extent
            config[name] = {"path_name": f"weight_{index}", "is_param": is_parameter, "use_pickle": False, "tensor_meta": {
                "dtype": scalar_types[kind], "sizes": [{"as_int": extent} for extent in shape], "requires_grad": False,
                "device": {"type": "cpu", "index": None}, "strides": strides, "storage_offset": {"as_int": 0},
                "layout": 7}}
        add(archive, "decoder/data/weights/model_weights_config.json", json.dumps({"config": config}).encode(), align=64)
        add(archive, "decoder/data/constants/model_constants_config.json", b'{"config": {}}', align=64)
        add(archive, "decoder/archive_version", b"0", align=64)


def main(path):
    with zipfile.ZipFile(path) as archive:
        text, saved = archive.read("serialized_exported_program.json"), archive.read("serialized_state_dict.pt")
    with zipfile.ZipFile("promptseg_program.pt2", "w") as archive:
        add(archive, "serialized_exported_program.json", text, packed=True)
    program = json.loads(text)
    kept = cut(program)
    weights = {name: weight for name, weight in weights_of(saved).items() if name in kept}
    write_flat("promptseg_decoder.pt2", program, save_state_dict(weights))
    write_archive("promptseg_decoder_archive.pt2", program, weights)
    with open("promptseg_decoder.pt", "wb") as file:
        file.write(save_state_dict({name: weight for name, weight in weights_of(saved).items() if ".bn1." in name}))


main(sys.argv[1])
