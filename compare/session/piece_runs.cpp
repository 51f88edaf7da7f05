#include "compare/session/piece_runs.h"

#include "core/formats/hdf5/dump_reader.h"
#include "core/launch/runner_client.h"

#include <fmt/format.h>
#include <optional>
#include <span>

namespace syncpoint {

namespace {
/// Results of one run, in one sample; what is fed to it takes about as much again.
constexpr std::uint64_t kBytesPerRun = std::uint64_t{512} << 20U;
/// Finding a few bad ops among thousands takes about twenty runs each.
constexpr int kMostFailedRuns = 64;

class PieceRuns
{
public:
    PieceRuns(const std::filesystem::path &runner, const RunRequest &request,
              const std::vector<WantedPiece> &pieces, const JobContext &job)
        : m_runner(runner), m_request(request), m_pieces(pieces), m_quiet(job.token())
    {
    }

    Result<PieceResults> run()
    {
        const std::span<const WantedPiece> all(m_pieces);
        std::size_t first = 0;
        std::uint64_t bytes = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i > first && bytes + all[i].bytes > kBytesPerRun) {
                runHalving(all.subspan(first, i - first));
                first = i;
                bytes = 0;
            }
            bytes += all[i].bytes;
        }
        runHalving(all.subspan(first));
        if (m_quiet.isCancelled()) {
            return JobContext::cancelledError();
        }
        if (m_out.dumps.empty() && m_firstError) {
            return *m_firstError;
        }
        return std::move(m_out);
    }

private:
    void runHalving(std::span<const WantedPiece> pieces)
    {
        if (pieces.empty() || m_quiet.isCancelled()) {
            return;
        }
        if (m_failedRuns >= kMostFailedRuns) {
            fail(pieces, "too many other ops could not be run");
            return;
        }
        auto dump = runOne(pieces);
        if (dump) {
            m_out.dumps.push_back(*std::move(dump));
            return;
        }
        ++m_failedRuns;
        m_firstError = m_firstError ? m_firstError : dump.error();
        if (pieces.size() == 1) {
            fail(pieces, dump.error().message);
            return;
        }
        runHalving(pieces.first(pieces.size() / 2));
        runHalving(pieces.subspan(pieces.size() / 2));
    }

    Result<std::shared_ptr<const TensorDump>> runOne(std::span<const WantedPiece> pieces)
    {
        RunRequest request = m_request;
        request.output += fmt::format(".{}.h5", m_runs++);
        request.wanted.clear();
        for (const WantedPiece &piece : pieces) {
            request.wanted.push_back(piece.value);
        }
        if (const auto outcome = RunnerClient(m_runner).run(request, m_quiet); !outcome) {
            return outcome.error();
        }
        return readDump(request.output, m_quiet);
    }

    void fail(std::span<const WantedPiece> pieces, const std::string &why)
    {
        for (const WantedPiece &piece : pieces) {
            m_out.failures.emplace(piece.value, why);
        }
    }

    const std::filesystem::path &m_runner;
    const RunRequest &m_request;
    const std::vector<WantedPiece> &m_pieces;
    const JobContext m_quiet; ///< many small runs would tell of their progress in turns
    PieceResults m_out;
    std::optional<Error> m_firstError;
    int m_runs = 0;
    int m_failedRuns = 0;
};
} // namespace

Result<Tensor> PieceResults::read(const std::string &value, std::size_t sample) const
{
    for (const auto &dump : dumps) {
        const auto id = dump->samples[sample]->find(value);
        if (id) {
            return dump->samples[sample]->read(*id);
        }
    }
    const auto failure = failures.find(value);
    return Error{ErrorCode::Unsupported, failure == failures.end()
                                             ? "the runtime did not put out its replayed value"
                                             : failure->second};
}

Result<PieceResults> runInPieces(const std::filesystem::path &runner, const RunRequest &request,
                                 const std::vector<WantedPiece> &pieces, const JobContext &job)
{
    return PieceRuns(runner, request, pieces, job).run();
}

} // namespace syncpoint
