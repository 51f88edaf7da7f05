#pragma once
#include <filesystem>
#include <functional>
#include <memory>
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

/// What a step made and what stays in memory while that is measured; null when it failed.
using StepResult = std::shared_ptr<const void>;

/// A step that a benchmark runs in a process of its own, with its arguments.
struct ChildStep
{
    std::string_view name;
    std::function<StepResult(const std::vector<std::string> &)> run;
};
std::vector<ChildStep> allChildSteps();

} // namespace syncpoint::bench
