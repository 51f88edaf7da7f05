#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syncpoint::bench {

/// One number that the project promises something about.
struct Figure
{
    std::string name;
    double value = 0.0;
    std::string unit;
    std::optional<double> limit; ///< none: for information
    bool higherIsBetter = false;
    std::string against; ///< what it is measured against, or how

    bool isOk() const { return !limit || (higherIsBetter ? value >= *limit : value <= *limit); }
};

/// Collects figures and says what could not be measured.
class BenchReport
{
public:
    void add(Figure figure); ///< prints its line
    void skip(std::string_view name, std::string_view reason);

    bool allOk() const;
    /// A list of {"name", "value", "unit", "limit", "ok", "against"}.
    bool writeJson(const std::filesystem::path &path) const;

private:
    std::vector<Figure> m_figures;
};

struct Bench
{
    std::string_view name;
    std::function<void(BenchReport &)> run;
};
/// Every benchmark: a new one is one line in bench_list.cpp.
std::vector<Bench> allBenches();

/// A step that a benchmark runs in a process of its own, with its arguments.
struct ChildStep
{
    std::string_view name;
    std::function<bool(const std::vector<std::string> &)> run; ///< false when it failed
};
std::vector<ChildStep> allChildSteps();

} // namespace syncpoint::bench
