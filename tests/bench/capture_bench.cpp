#include "tests/bench/benches.h"

#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace syncpoint::bench {
namespace {

struct CloseProcess
{
    void operator()(FILE *process) const { pclose(process); }
};

/// What the command writes to standard output.
std::string outputOf(const std::string &command)
{
    std::string text;
    const std::unique_ptr<FILE, CloseProcess> process(popen(command.c_str(), "r"));
    std::array<char, 4096> part{};
    std::size_t count = 0;
    while (process && (count = std::fread(part.data(), 1, part.size(), process.get())) > 0) {
        text.append(part.data(), count);
    }
    return text;
}

} // namespace

void captureBench(BenchReport &report)
{
    const std::string folder = std::string(SYNCPOINT_BENCH_DATA) + "/capture";
    const std::string command = fmt::format("'{}' '{}/benchmarks/overhead.py' '{}'",
                                            SYNCPOINT_PYTHON, SYNCPOINT_PYTHON_PACKAGE, folder);
    const auto rows = nlohmann::json::parse(outputOf(command), nullptr, false);
    if (!rows.is_array()) {
        report.skip("capturing in PyTorch", "the Python program failed; is python3-torch there?");
        return;
    }
    for (const auto &row : rows) {
        report.add({row.at("name"), row.at("value"), row.at("unit"), row.at("limit").get<double>(),
                    false, row.at("against")});
    }
}

} // namespace syncpoint::bench
