#include "tests/bench/bench_report.h"

#include "core/base/atomic_file.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace syncpoint::bench {

void BenchReport::add(Figure figure)
{
    const std::string limit =
        figure.limit ? fmt::format("{} {:g}", figure.higherIsBetter ? "≥" : "≤", *figure.limit)
                     : "";
    fmt::print("{:<44} {:>10.4g} {:<8} {:<10} {:<4} {}\n", figure.name, figure.value, figure.unit,
               limit,
               !figure.limit   ? ""
               : figure.isOk() ? "ok"
                               : "MISS",
               figure.against);
    std::fflush(stdout);
    m_figures.push_back(std::move(figure));
}

void BenchReport::skip(std::string_view name, std::string_view reason)
{
    fmt::print("{:<44} skipped: {}\n", name, reason);
}

bool BenchReport::allOk() const
{
    return std::all_of(m_figures.begin(), m_figures.end(),
                       [](const Figure &figure) { return figure.isOk(); });
}

bool BenchReport::writeJson(const std::filesystem::path &path) const
{
    nlohmann::json list = nlohmann::json::array();
    for (const Figure &figure : m_figures) {
        list.push_back({{"name", figure.name},
                        {"value", figure.value},
                        {"unit", figure.unit},
                        {"limit", figure.limit ? nlohmann::json(*figure.limit) : nlohmann::json()},
                        {"ok", figure.isOk()},
                        {"against", figure.against}});
    }
    const auto written = writeFileAtomically(path, list.dump(1) + "\n");
    if (!written) {
        fmt::print(stderr, "{}\n", written.error().message);
    }
    return static_cast<bool>(written);
}

} // namespace syncpoint::bench
