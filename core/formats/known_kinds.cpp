#include "core/formats/known_kinds.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/protobuf_cursor.h"
#include "core/formats/zip/zip_directory.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace syncpoint {

namespace {
std::string_view startOf(const FileProbe &file)
{
    return asText(file.start);
}

bool startsWith(const FileProbe &file, std::string_view text)
{
    return startOf(file).starts_with(text);
}

bool contains(const FileProbe &file, std::string_view text)
{
    return startOf(file).find(text) != std::string_view::npos;
}

bool isZip(const FileProbe &file)
{
    return startsWith(file, "PK\3\4");
}

bool isLfsPointer(const FileProbe &file)
{
    return startsWith(file, "version https://git-lfs.github.com/spec/");
}

bool isWebPage(const FileProbe &file)
{
    std::string start(startOf(file).substr(0, 64));
    std::transform(start.begin(), start.end(), start.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::size_t text = std::min(start.find_first_not_of(" \t\r\n"), start.size());
    return start.compare(text, 9, "<!doctype") == 0 ? start.find("html") != std::string::npos
                                                    : start.compare(text, 5, "<html") == 0;
}

bool isSavedModel(const FileProbe &file)
{
    std::error_code ignored;
    return file.isDirectory ? std::filesystem::exists(file.path / "saved_model.pb", ignored) ||
                                  std::filesystem::exists(file.path / "saved_model.pbtxt", ignored)
                            : file.path.stem() == "saved_model";
}

/// The first field of the first message that lies in the file as field 1; empty when it is cut off.
std::string_view firstMessage(const FileProbe &file)
{
    const std::string_view start = startOf(file);
    constexpr char kFieldOne = 0x0A;
    if (!start.starts_with(kFieldOne)) {
        return {};
    }
    std::uint64_t size = 0;
    std::size_t at = 1;
    for (unsigned shift = 0; at < start.size() && shift < 35; shift += 7) {
        const auto byte = static_cast<unsigned char>(start[at++]);
        size |= std::uint64_t{byte & 0x7FU} << shift;
        if (byte < 0x80) {
            return start.substr(at, size);
        }
    }
    return {};
}

bool isWord(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("_/.:-").find(c) != std::string_view::npos;
    });
}

/// GraphDef: nodes, each with its name and its op.
bool isFrozenGraph(const FileProbe &file)
{
    ProtobufCursor node(firstMessage(file));
    const bool hasName = node.next() && node.field() == bytesField(1) && isWord(node.bytes());
    const bool isBinary =
        hasName && node.next() && node.field() == bytesField(2) && isWord(node.bytes());
    return isBinary || (startsWith(file, "node {") && contains(file, "op:"));
}

bool isKerasArchive(const FileProbe &file)
{
    return isZip(file) && (file.extension == ".keras" || contains(file, "keras_version"));
}

bool isKerasHdf5(const FileProbe &file)
{
    return startsWith(file, "\x89HDF\r\n") &&
           (contains(file, "model_config") || contains(file, "keras_version"));
}

bool isTensorFlowJs(const FileProbe &file)
{
    return file.extension == ".json" &&
           (contains(file, "\"modelTopology\"") || contains(file, "\"graph-model\"") ||
            contains(file, "\"layers-model\""));
}

bool isTorchScript(const FileProbe &file)
{
    if (!isZip(file)) {
        return false;
    }
    const auto mapping = MappedFile::open(file.path);
    const auto members = mapping ? readZipDirectory((*mapping)->bytes()) : std::vector<ZipMember>{};
    return std::any_of(members.begin(), members.end(), [](const ZipMember &member) {
        return member.name.ends_with("/constants.pkl");
    });
}

/// Protocols 2 to 5, as Python's and joblib's files.
bool isPickle(const FileProbe &file)
{
    const std::string_view start = startOf(file);
    return start.size() > 2 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5;
}

bool isTensorRt(const FileProbe &file)
{
    return startsWith(file, "ftrt") || startsWith(file, "ptrt");
}

bool isOrtFormat(const FileProbe &file)
{
    return startOf(file).size() >= 8 && startOf(file).substr(4, 4) == "ORTM";
}

bool isMlirBytecode(const FileProbe &file)
{
    return startsWith(file, "ML\xEFR");
}

bool isNcnn(const FileProbe &file)
{
    return startsWith(file, "7767517\n") || startsWith(file, "7767517\r\n");
}

bool isMnn(const FileProbe &file)
{
    return file.extension == ".mnn";
}

/// ProgramDesc: blocks, the first with the index 0 and no parent.
bool isPaddle(const FileProbe &file)
{
    ProtobufCursor block(firstMessage(file));
    const bool isFirst = block.next() && block.field() == varintField(1) && block.varint() == 0;
    return isFirst && block.next() && block.field() == varintField(2) && block.integer() <= 0;
}

bool isCaffe(const FileProbe &file)
{
    const bool isText = (contains(file, "layer {") || contains(file, "layers {")) &&
                        (contains(file, "bottom:") || contains(file, "top:"));
    return isText || file.extension == ".caffemodel";
}

bool isOldGgml(const FileProbe &file)
{
    return startsWith(file, "lmgg") || startsWith(file, "tjgg") || startsWith(file, "fmgg");
}

constexpr std::string_view kDumpAdvice =
    "capture its tensors with its own runtime and open them as a dump, for example .npz";

constexpr std::array kKinds{
    KnownKind{"git-lfs", "Git LFS pointer", "", "get the file itself with git lfs pull",
              isLfsPointer},
    KnownKind{"web-page", "web page", "", "the download went wrong, fetch the file again",
              isWebPage},
    KnownKind{"tf-savedmodel", "TensorFlow SavedModel", "saved_model.pb",
              "convert it to TensorFlow Lite (tf.lite.TFLiteConverter.from_saved_model) or to ONNX "
              "(python -m tf2onnx.convert --saved-model)",
              isSavedModel},
    KnownKind{"keras", "Keras model", "*.keras",
              "convert it to TensorFlow Lite (tf.lite.TFLiteConverter.from_keras_model) or to ONNX "
              "(model.export with format=\"onnx\")",
              isKerasArchive},
    KnownKind{"keras-h5", "Keras model in HDF5", "*.h5 *.hdf5",
              "convert it to TensorFlow Lite (tf.lite.TFLiteConverter.from_keras_model) or to ONNX "
              "(tf2onnx.convert.from_keras); its weights can be opened as a dump",
              isKerasHdf5, true},
    KnownKind{"tfjs", "TensorFlow.js model", "model.json",
              "convert the model it was made from to TensorFlow Lite or ONNX", isTensorFlowJs},
    KnownKind{"torchscript", "TorchScript program", "*.pt *.jit *.ptl",
              "export it with torch.export.save() or torch.onnx.export()", isTorchScript},
    KnownKind{"tensorrt", "TensorRT engine", "*.engine *.plan *.trt",
              "compare the ONNX model it was built from, and open its tensors as a dump",
              isTensorRt},
    KnownKind{"ort", "model in ONNX Runtime's own format", "*.ort",
              "open the .onnx file it was made from", isOrtFormat},
    KnownKind{"mlir-bytecode", "file of MLIR bytecode", "*.mlirbc",
              "write it as text, for example with stablehlo-opt", isMlirBytecode},
    KnownKind{"ggml", "GGML file older than GGUF", "*.ggml *.bin",
              "convert it with llama.cpp's scripts", isOldGgml},
    KnownKind{"ncnn", "model of ncnn", "*.param", kDumpAdvice, isNcnn},
    KnownKind{"mnn", "model of MNN", "*.mnn", kDumpAdvice, isMnn},
    KnownKind{"paddle", "PaddlePaddle program", "*.pdmodel __model__",
              "convert it to ONNX with paddle2onnx", isPaddle},
    KnownKind{"tf-graphdef", "TensorFlow graph", "*.pb *.pbtxt",
              "convert it to TensorFlow Lite (tf.compat.v1.lite.TFLiteConverter.from_frozen_graph) "
              "or to ONNX (python -m tf2onnx.convert --graphdef)",
              isFrozenGraph},
    KnownKind{"caffe", "Caffe model", "*.prototxt *.caffemodel",
              "convert it to ONNX, for example with caffe2onnx", isCaffe},
    KnownKind{"pickle", "Python pickle", "*.pkl *.pickle *.joblib",
              "it could hold any code and is never run: save its tensors with numpy.savez() or "
              "torch.save() of a state dict",
              isPickle},
};
} // namespace

std::span<const KnownKind> knownKinds()
{
    return kKinds;
}

const KnownKind *knownKindOf(const FileProbe &file)
{
    const auto *found = std::find_if(kKinds.begin(), kKinds.end(),
                                     [&](const KnownKind &kind) { return kind.matches(file); });
    return found == kKinds.end() ? nullptr : found;
}

} // namespace syncpoint
