#pragma once
#include "compare/report/image.h"
#include "compare/session/comparison_result.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncpoint {

/// One cell: text for people and, where it is a quantity, the number to sort by.
struct ReportCell
{
    std::string text;
    std::optional<double> sortKey;
    std::optional<Severity> severity; ///< drawn as a mark before the text
};

struct ReportTable
{
    struct Column
    {
        std::string title;
        bool isNumber = false; ///< right-aligned, tabular figures
        bool isName = false;   ///< monospace; elided in the middle when long
    };
    std::string id; ///< stable: "modules", "sync_points"
    std::string title;
    std::string note; ///< one sentence under the title; may be empty
    std::vector<Column> columns;
    std::vector<std::vector<ReportCell>> rows;
};

/// The score of every compared sync point in execution order, with the limits of the profile.
struct ScoreChart
{
    struct Mark
    {
        std::size_t position = 0; ///< index in execution order
        double score = 0.0;       ///< headline metric; exact pairs at `cap`
        Severity severity = Severity::Ok;
        std::string name;
        bool isExact = false;
    };
    std::string axis; ///< "PSNR (range), dB"
    std::size_t length = 0;
    std::optional<double> okFrom, badBelow; ///< when the profile judges the headline metric
    double cap = 160.0;
    std::vector<Mark> marks;
};

/// The network module by module: who feeds whom, and what each has and does.
struct ModuleOverview
{
    struct Box
    {
        std::string path;
        std::size_t ops = 0;
        std::optional<Severity> worst; ///< nothing: not compared
        double introducedShare = 0.0, parameterShare = 0.0;
    };
    std::vector<Box> boxes;                                 ///< in execution order
    std::vector<std::pair<std::size_t, std::size_t>> edges; ///< box → box
};

/// One slice of a sync point on both sides in one range, and their difference.
struct ReportPicture
{
    std::string name, caption;
    Image reference, candidate, difference;
};

/// What there is to tell of a comparison, before any file format.
struct Report
{
    std::shared_ptr<const ComparisonResult> result;
    std::string title;
    std::string verdict; ///< one sentence
    Severity level = Severity::Ok;
    std::vector<std::pair<std::string, std::string>> facts;    ///< the few that matter
    std::vector<std::pair<std::string, std::string>> settings; ///< files, hashes, options
    std::vector<ReportTable> tables;
    ScoreChart chart;
    ModuleOverview overview;
    std::vector<ReportPicture> pictures;

    const ReportTable *findTable(std::string_view id) const;
};

struct ReportOptions
{
    std::size_t pictures = 0; ///< sync points to show with thumbnails
};
Report buildReport(std::shared_ptr<const ComparisonResult> result, const ReportOptions &options);

} // namespace syncpoint
