#include "core/formats/openvino/openvino_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/openvino/ir_translator.h"
#include "core/formats/openvino/ir_xml.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr unsigned kOldestVersion = 10; // older ones keep weights in another way

ModelInfo infoOf(const pugi::xml_node &net, const std::filesystem::path &path)
{
    ModelInfo info;
    info.path = path.string();
    info.format = "openvino";
    info.producer = "OpenVINO";
    const std::string_view version =
        net.child("rt_info").child("Runtime_version").attribute("value").value();
    if (!version.empty()) {
        info.producer += fmt::format(" {}", version.substr(0, 128));
    }
    info.facts.emplace_back("IR version", net.attribute("version").value());
    if (const std::string name = net.attribute("name").value(); !name.empty()) {
        info.facts.emplace_back("name", name);
    }
    return info;
}

class OpenVinoLoader final : public GraphLoader
{
public:
    FormatInfo format() const override
    {
        return {"openvino", "OpenVINO model", "*.xml",
                "IR with weights in the .bin beside it and their scales, bodies of If, Loop and "
                "TensorIterator, names of the converted model; execution graphs with kernels and "
                "fused layers"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        const std::size_t net = start.find("<net ");
        const bool isXml =
            !file.isDirectory && (start.starts_with("<") || start.starts_with("\xEF\xBB\xBF<"));
        if (isXml && net != std::string_view::npos &&
            start.find("version=", net) != std::string_view::npos) {
            return ProbeAnswer::Yes;
        }
        return isXml && file.extension == ".xml" ? ProbeAnswer::Maybe : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const Graph>> load(const std::filesystem::path &path,
                                              const JobContext &job) const override
    {
        const auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        const auto document = parseIrXml(asText((*file)->bytes()));
        if (!document) {
            return document.error();
        }
        const pugi::xml_node net = (*document)->child("net");
        if (!net.child("layers")) {
            return Error{ErrorCode::BadFormat,
                         "not an OpenVINO model: it has no <net> with <layers>"};
        }
        GraphBuilder builder(infoOf(net, path));
        if (net.attribute("version").as_uint() < kOldestVersion) {
            builder.addDiagnostic({Diagnostic::Severity::Warning, "",
                                   fmt::format("IR version {} is older than {}: weights are not "
                                               "read",
                                               net.attribute("version").value(), kOldestVersion)});
        }
        job.beginStage("loading");
        ExternalDataFiles files(path);
        const std::string weights = path.filename().replace_extension(".bin").string();
        if (auto done = translateIr(net, files, weights, builder, job); !done) {
            return done.error();
        }
        return builder.build();
    }
};
} // namespace

std::unique_ptr<GraphLoader> makeOpenVinoLoader()
{
    return std::make_unique<OpenVinoLoader>();
}

} // namespace syncpoint
