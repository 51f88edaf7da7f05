#include "core/formats/onnx/debug_database_loader.h"

#include "core/base/byte_reader.h"
#include "core/formats/onnx/debug_database_store.h"
#include "core/formats/sqlite/sqlite_file.h"

#include <fmt/format.h>
#include <map>

namespace syncpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTensors = 200'000;
constexpr std::size_t kMostPlacedOps = 200'000;
constexpr std::size_t kLongestName = 4096;

std::string nameOf(const std::optional<std::string_view> &text)
{
    return std::string(text.value_or("").substr(0, kLongestName));
}

using Samples = std::map<std::int64_t, std::vector<OrtDebugTensor>>; ///< by step

Result<Samples> tensorsOf(const SqliteFile &database)
{
    Samples samples;
    std::size_t count = 0;
    auto read = database.forEachRow(
        "SELECT rowid, Step, Name FROM Tensors", [&](const SqliteRow &row) -> Result<void> {
            if (++count > kMostTensors) {
                return Error{ErrorCode::Limit,
                             fmt::format("the database has more than {} tensors", kMostTensors)};
            }
            const auto id = row.integer(0);
            const std::string name = nameOf(row.text(2));
            if (id && !name.empty()) {
                samples[row.integer(1).value_or(0)].push_back({*id, name, {}});
            }
            return {};
        });
    return read ? Result<Samples>(std::move(samples)) : read.error();
}

/// The providers of the ops; nothing when there is no such table.
Result<std::shared_ptr<const RunProfile>> profileOf(const SqliteFile &database)
{
    const auto hasOps = database.hasTable("Nodes");
    if (!hasOps || !*hasOps) {
        return hasOps ? Result<std::shared_ptr<const RunProfile>>(nullptr) : hasOps.error();
    }
    auto profile = std::make_shared<RunProfile>();
    auto read = database.forEachRow(
        "SELECT Name, ExecutionProvider FROM Nodes", [&](const SqliteRow &row) -> Result<void> {
            const std::string name = nameOf(row.text(0));
            const std::string provider = nameOf(row.text(1));
            if (!name.empty() && !provider.empty()) {
                profile->nodes[name].provider = provider;
            }
            return profile->nodes.size() <= kMostPlacedOps
                       ? Result<void>()
                       : Error{ErrorCode::Limit,
                               fmt::format("the database has more than {} ops", kMostPlacedOps)};
        });
    return read ? Result<std::shared_ptr<const RunProfile>>(std::move(profile)) : read.error();
}

/// Rows that the program is still about to write, or never got to.
void noteUnfinished(const fs::path &path, Diagnostics &diagnostics)
{
    for (const char *ending : {"-journal", "-wal"}) {
        std::error_code ignored;
        if (fs::exists(path.string() + ending, ignored)) {
            diagnostics.push_back(
                {Diagnostic::Severity::Warning, "",
                 fmt::format("{}{} lies beside it: the run has not ended properly, and its last "
                             "tensors may be missing or wrong",
                             path.filename().string(), ending)});
        }
    }
}

class OrtDebugDatabaseLoader final : public TensorLoader
{
public:
    FormatInfo format() const override
    {
        return {"ort-debug-sqlite", "ONNX Runtime debug database", "*.db",
                "tensors of every run, and the provider of every op, as a debug build of ONNX "
                "Runtime writes them into SQLite"};
    }

    ProbeAnswer probe(const FileProbe &file) const override
    {
        const std::string_view start = asText(file.start);
        if (!SqliteFile::startsLikeOne(start)) {
            return ProbeAnswer::No;
        }
        // The tables' definitions are in the first page.
        return start.find("TracedProducer") != std::string_view::npos ? ProbeAnswer::Yes
                                                                      : ProbeAnswer::Maybe;
    }

    Result<std::shared_ptr<const TensorDump>> load(const fs::path &path,
                                                   const JobContext &job) const override
    {
        const auto database = SqliteFile::open(path);
        if (!database) {
            return database.error();
        }
        const auto hasTensors = (*database)->hasTable("Tensors");
        if (!hasTensors) {
            return hasTensors.error();
        }
        if (!*hasTensors) {
            return Error{ErrorCode::BadFormat, "this SQLite database has no table 'Tensors', so it "
                                               "is none of ONNX Runtime's debug dumps"};
        }
        auto samples = tensorsOf(**database);
        if (!samples) {
            return samples.error();
        }
        auto profile = profileOf(**database);
        if (!profile) {
            return profile.error();
        }
        auto dump = std::make_shared<TensorDump>();
        dump->path = path;
        dump->format = "ort-debug-sqlite";
        dump->producer = "ONNX Runtime";
        dump->profile = std::move(profile).value();
        noteUnfinished(path, dump->diagnostics);
        return addSamples(*database, std::move(samples).value(), std::move(dump), job);
    }

private:
    static Result<std::shared_ptr<const TensorDump>>
    addSamples(const std::shared_ptr<const SqliteFile> &database, Samples samples,
               std::shared_ptr<TensorDump> dump, const JobContext &job)
    {
        job.beginStage("reading the database", samples.size());
        for (auto &[step, tensors] : samples) {
            std::vector<OrtDebugTensor> usable;
            for (OrtDebugTensor &tensor : tensors) {
                if (job.isCancelled()) {
                    return JobContext::cancelledError();
                }
                auto info = ortDebugTensorInfo(*database, dump->path, tensor.row);
                if (info) {
                    tensor.info = std::move(info).value();
                    usable.push_back(std::move(tensor));
                } else {
                    dump->diagnostics.push_back({Diagnostic::Severity::Warning, tensor.name,
                                                 "not used: " + info.error().message});
                }
            }
            if (!usable.empty()) {
                dump->samples.push_back(std::make_shared<const OrtDebugDatabaseStore>(
                    database, dump->path, std::move(usable)));
            }
            job.advance();
        }
        if (dump->samples.empty()) {
            return Error{ErrorCode::BadFormat, "the database holds no usable tensors"};
        }
        return std::shared_ptr<const TensorDump>(std::move(dump));
    }
};

} // namespace

std::unique_ptr<TensorLoader> makeOrtDebugDatabaseLoader()
{
    return std::make_unique<OrtDebugDatabaseLoader>();
}

} // namespace syncpoint
