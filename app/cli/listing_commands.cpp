#include "app/cli/command.h"
#include "app/cli/output.h"
#include "compare/metric/metric.h"
#include "compare/report/json_parts.h"
#include "core/formats/known_kinds.h"
#include "core/formats/registry.h"
#include "core/placement/importer.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
/// One row of a listing: the same data as text, Markdown and JSON.
struct Listing
{
    std::vector<std::string> columns; ///< JSON keys
    std::vector<std::vector<std::string>> rows;

    std::string text() const
    {
        TextTable table(std::string(columns.size(), 'l'));
        for (const auto &row : rows) {
            table.add(row);
        }
        return table.text();
    }
    std::string markdown() const
    {
        std::string out = fmt::format("| {} |\n|{}\n", fmt::join(columns, " | "), [this] {
            std::string rule;
            for (std::size_t i = 0; i < columns.size(); ++i) {
                rule += " --- |";
            }
            return rule;
        }());
        for (const auto &row : rows) {
            out += '|';
            for (std::string cell : row) {
                for (std::size_t at = cell.find('|'); at != std::string::npos;
                     at = cell.find('|', at + 2)) {
                    cell.insert(at, "\\");
                }
                out += cell.empty() ? std::string(" |") : fmt::format(" {} |", cell);
            }
            out += '\n';
        }
        return out;
    }
    std::string json(const std::string &key) const
    {
        auto document = jsonDocument();
        document[key] = nlohmann::ordered_json::array();
        for (const auto &row : rows) {
            nlohmann::ordered_json item;
            for (std::size_t i = 0; i < columns.size(); ++i) {
                item[columns[i]] = row[i];
            }
            document[key].push_back(std::move(item));
        }
        return jsonText(document);
    }
};

/// A command that prints what the program knows; needs no input.
class ListingCommand final : public Command
{
public:
    ListingCommand(std::string name, std::string help, Listing (*make)())
        : m_name(std::move(name)), m_help(std::move(help)), m_make(make)
    {
    }
    CLI::App *declare(CLI::App &parent) override
    {
        CLI::App *command = parent.add_subcommand(m_name, m_help);
        command->add_flag("--markdown", m_markdown, "Print a Markdown table");
        return command;
    }
    Result<ExitCode> run(const CommonOptions &common, const JobContext &) override
    {
        const Listing listing = m_make();
        if (const auto written = emitJson(common, listing.json(m_name)); !written) {
            return written.error();
        }
        printSummary(common, m_markdown ? listing.markdown() : listing.text());
        return ExitCode::Ok;
    }

private:
    std::string m_name, m_help;
    Listing (*m_make)();
    bool m_markdown = false;
};

template <typename Loaders>
void addFormats(Listing &listing, const Loaders &loaders, const std::string &kind)
{
    for (const auto &loader : loaders) {
        const FormatInfo format = loader->format();
        listing.rows.push_back({std::string(format.id), kind, std::string(format.name),
                                std::string(format.extensions), std::string(format.reads)});
    }
}

Listing formats()
{
    Listing listing{{"id", "kind", "name", "extensions", "notes"}, {}};
    addFormats(listing, builtinGraphLoaders(), "model");
    addFormats(listing, builtinTensorLoaders(), "dump");
    addFormats(listing, builtinPlacementImporters(), "placement");
    for (const auto &exporter : builtinDumpExporters()) {
        const ExportFormat format = exporter->format();
        listing.rows.push_back({std::string(format.id), "export", std::string(format.name),
                                std::string(format.extensions), std::string(format.writes)});
    }
    for (const KnownKind &kind : knownKinds()) {
        listing.rows.push_back({std::string(kind.id), "not read", std::string(kind.name),
                                std::string(kind.extensions), std::string(kind.advice)});
    }
    return listing;
}

Listing metrics()
{
    Listing listing{{"id", "name", "unit", "formula", "note"}, {}};
    for (const auto &metric : builtinMetrics()) {
        const MetricDescriptor about = metric->descriptor();
        listing.rows.push_back({std::string(about.id), std::string(about.name),
                                std::string(about.unit), std::string(about.formula),
                                std::string(about.note)});
    }
    return listing;
}
} // namespace

std::unique_ptr<Command> makeFormatsCommand()
{
    return std::make_unique<ListingCommand>("formats", "List the formats it reads and writes",
                                            &formats);
}

std::unique_ptr<Command> makeMetricsCommand()
{
    return std::make_unique<ListingCommand>("metrics", "List the metrics it computes", &metrics);
}

} // namespace syncpoint
