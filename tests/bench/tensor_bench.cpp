#include "tests/bench/benches.h"

#include "tests/bench/timing.h"
#include "ui/theme/theme.h"
#include "viewers/tensor/range_bar.h"
#include "viewers/tensor/tensor_pane.h"

#include <QApplication>
#include <QKeyEvent>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace syncpoint::bench {
namespace {

constexpr std::int64_t kSide = 4000; ///< 16 million elements in one plane
constexpr int kRounds = 3;

TensorContent largeContent()
{
    TensorContent content;
    content.shape = {1, 1, kSide, kSide};
    const auto count = static_cast<std::size_t>(kSide * kSide);
    for (TensorSide *side : {&content.reference, &content.candidate}) {
        side->values.resize(count);
        const float error = side == &content.candidate ? 1e-3F : 0.0F;
        for (std::size_t i = 0; i < count; ++i) {
            const auto x = static_cast<float>(i % kSide);
            const auto y = static_cast<float>(i / kSide);
            side->values[i] = std::sin(x * 0.01F) * std::cos(y * 0.013F) + error * x / y;
        }
    }
    return content;
}

} // namespace

void tensorBench(BenchReport &report)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    int count = 1;
    char name[] = "syncpoint-bench";
    char *arguments[] = {name, nullptr};
    QApplication application(count, arguments);
    Theme theme;
    TensorContent content = largeContent();
    const auto milliseconds = [](const char *label, const std::function<void()> &body) {
        return fastestSeconds({{label, body}}, kRounds).front() * 1000.0;
    };
    report.add({"tensor: extent and histogram of both sides, 16 M elements",
                milliseconds("histogram", [&content] { summarize(content); }), "ms", 60.0, false,
                "256 bins over the common extent"});

    TensorPane pane(theme);
    pane.resize(1200, 800);
    pane.show();
    double fastest = std::numeric_limits<double>::infinity();
    for (int round = 0; round < kRounds; ++round) {
        TensorContent copy = content;
        pane.showMessage({});
        const auto start = std::chrono::steady_clock::now();
        pane.setContent(std::move(copy));
        keep(pane.grab().width());
        const std::chrono::duration<double, std::milli> time =
            std::chrono::steady_clock::now() - start;
        fastest = std::min(fastest, time.count());
    }
    report.add({"tensor: first picture of 16 M elements", fastest, "ms", 100.0, false,
                "A, B and difference at 1200×800, data in memory"});

    auto *bar = pane.findChild<RangeBar *>();
    const double frame = milliseconds("range", [&] {
        QKeyEvent press(QEvent::KeyPress, Qt::Key_Left, Qt::NoModifier);
        QApplication::sendEvent(bar, &press);
        keep(pane.grab().width());
    });
    report.add({"tensor: frames while the range is dragged", 1000.0 / frame, "per second", 30.0,
                true, "16 M elements, A, B and difference at 1200×800"});
}

} // namespace syncpoint::bench
