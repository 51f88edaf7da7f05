// usage: syncpoint-bench [--json FILE] [FILTER]     FILTER is a part of a benchmark's name
#include "tests/bench/bench_report.h"
#include "tests/bench/measured_process.h"

#include <cstdio>
#include <fmt/format.h>

int main(int argc, char **argv)
{
    using namespace syncpoint::bench;
    std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() >= 2 && arguments[0] == "--child") {
        return runChildStep(arguments[1], {arguments.begin() + 2, arguments.end()});
    }
    std::string json;
    if (arguments.size() >= 2 && arguments[0] == "--json") {
        json = arguments[1];
        arguments.erase(arguments.begin(), arguments.begin() + 2);
    }
    const std::string filter = arguments.empty() ? "" : arguments.front();
    BenchReport report;
    bool found = false;
    for (const Bench &bench : allBenches()) {
        if (bench.name.find(filter) != std::string_view::npos) {
            found = true;
            bench.run(report);
        }
    }
    if (!found) {
        fmt::print(stderr, "no benchmark has '{}' in its name\n", filter);
        return 2;
    }
    if (!json.empty() && !report.writeJson(json)) {
        return 3;
    }
    return report.allOk() ? 0 : 1;
}
