#include "core/formats/polygraphy/polygraphy_loader.h"

#include "core/base/byte_reader.h"
#include "core/base/mapped_file.h"
#include "core/formats/bounded_json.h"
#include "core/formats/json_fields.h"
#include "core/formats/npy/npy_store.h"
#include "core/formats/polygraphy/base64.h"
#include "core/formats/polygraphy/text_skeleton.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint {
namespace {

using Json = nlohmann::json;
using Kind = TensorEntry::Kind;

constexpr JsonLimits kLimits{.values = 2'000'000, .depth = 64};
constexpr std::string_view kNpyMagic = "k05VTVBZ"; ///< "\x93NUMPY" in base64
constexpr std::size_t kMostHeader = 4096;          ///< characters of base64 around a header

/// The items of one iteration.
class SampleReader
{
public:
    SampleReader(std::shared_ptr<const MappedFile> file, Diagnostics &diagnostics)
        : m_file(std::move(file)), m_text(asText(m_file->bytes())), m_diagnostics(diagnostics)
    {
    }

    std::vector<NpyItem> read(const Json &tensors, Kind kind)
    {
        std::vector<NpyItem> items;
        for (auto each = tensors.begin(); tensors.is_object() && each != tensors.end(); ++each) {
            if (!each.value().is_object()) {
                continue; // "polygraphy_class" itself
            }
            auto item = itemOf(each.key(), each.value());
            if (item) {
                item->entry.kind = kind;
                items.push_back(*std::move(item));
            } else {
                m_diagnostics.push_back({Diagnostic::Severity::Warning, each.key(),
                                         "the tensor is not used: " + item.error().message});
            }
        }
        return items;
    }

private:
    Result<NpyItem> itemOf(const std::string &name, const Json &value) const
    {
        const Json *lazy = fieldOf(value, "values"); // of a LazyArray
        const Json &array = lazy != nullptr ? *lazy : value;
        if (fieldOf(array, "tensor") != nullptr) {
            return Error{ErrorCode::Unsupported,
                         "it is a pickled PyTorch tensor; save NumPy arrays instead"};
        }
        const std::string_view stored = textOf(array, "array");
        const std::string_view encoded = polygraphy::referredText(stored, m_text);
        if (!encoded.starts_with(kNpyMagic)) {
            return Error{ErrorCode::Unsupported, "it is no .npy array in base64"};
        }
        const auto start = polygraphy::decodeBase64(encoded.substr(0, kMostHeader));
        const auto size = start ? npyHeaderSize(*start) : start.error();
        if (!size || *size > start->size()) {
            return size ? Error{ErrorCode::BadFormat, "its .npy header is cut off"} : size.error();
        }
        const auto header = readNpyHeader(*start);
        if (!header) {
            return header.error();
        }
        NpyItem item;
        item.entry = npyEntry(name, *header);
        // A short text lies in the parsed document, which ends before the tensor is read.
        const std::string own(encoded.data() == stored.data() ? encoded : std::string_view());
        item.open = [file = m_file, encoded, own]() -> Result<OwnedBytes> {
            auto bytes = polygraphy::decodeBase64(own.empty() ? encoded : own);
            if (!bytes) {
                return bytes.error();
            }
            const auto owner = std::make_shared<const std::vector<std::byte>>(*std::move(bytes));
            return OwnedBytes{*owner, owner};
        };
        return item;
    }

    std::shared_ptr<const MappedFile> m_file;
    std::string_view m_text;
    Diagnostics &m_diagnostics;
};

class PolygraphyLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"polygraphy", "Polygraphy results", "*.json",
                "outputs of the first runner by iteration, or inputs; pickled PyTorch tensors are "
                "refused"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        const bool isJson = start.starts_with('{') || start.starts_with('[');
        const bool isMarked = start.find("\"polygraphy_class\"") != std::string_view::npos ||
                              start.find(kNpyMagic) != std::string_view::npos;
        return !file.isDirectory && isJson && isMarked ? ProbeAnswer::Yes : ProbeAnswer::No;
    }

    Result<std::shared_ptr<const TensorDump>> load(const std::filesystem::path &path,
                                                   const JobContext &job) const override
    {
        const auto file = MappedFile::open(path);
        if (!file) {
            return file.error();
        }
        const auto skeleton = polygraphy::skeletonOf(asText((*file)->bytes()));
        const auto json = skeleton ? parseBoundedJson(*skeleton, kLimits) : skeleton.error();
        if (!json) {
            return json.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "polygraphy";
        dump->producer = "Polygraphy";
        const bool isInputs = json->is_array();
        SampleReader reader(*file, dump->diagnostics);
        for (const Json &sample : isInputs ? *json : iterationsOf(*json, *dump)) {
            if (job.isCancelled()) {
                return JobContext::cancelledError();
            }
            auto items = isInputs ? reader.read(sample, Kind::Input)
                                  : reader.read(objectOf(sample, "outputs"), Kind::Intermediate);
            if (!items.empty()) {
                dump->samples.push_back(
                    std::make_shared<const NpyTensorStore>(path, std::move(items)));
            }
        }
        if (dump->samples.empty()) {
            return Error{ErrorCode::BadFormat, dump->diagnostics.empty()
                                                   ? "the file holds no arrays"
                                                   : dump->diagnostics.front().text};
        }
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }

private:
    /// {"lst": [[runner, [iteration, …]], …]}
    static const Json &iterationsOf(const Json &results, TensorDump &dump)
    {
        static const Json none = Json::array();
        const Json &runners = listOf(results, "lst");
        if (runners.size() > 1) {
            dump.diagnostics.push_back(
                {Diagnostic::Severity::Info, "",
                 fmt::format("only the first of {} runners is read", runners.size())});
        }
        const bool isPair = !runners.empty() && runners[0].is_array() && runners[0].size() == 2 &&
                            runners[0][1].is_array();
        if (!isPair) {
            return none;
        }
        dump.runtime = plainText(runners[0][0]);
        return runners[0][1];
    }
};

} // namespace

std::unique_ptr<TensorLoader> makePolygraphyLoader()
{
    return std::make_unique<PolygraphyLoader>();
}

} // namespace syncpoint
