#include "core/run/tap_opener.h"
#include "core/run/model_taps.h"

#include <utility>

namespace syncpoint {

TapOpener::TapOpener(std::shared_ptr<Ort::Env> runtime, std::filesystem::path model,
                     SessionSettings settings)
    : m_runtime(std::move(runtime)), m_model(std::move(model)), m_settings(std::move(settings))
{
}

TapOpener::Opened TapOpener::open(std::span<const std::string> taps, Diagnostics &refused) const
{
    auto session = openAll(taps);
    if (session || taps.empty()) {
        return session;
    }
    if (auto untapped = openAll({}); !untapped) {
        return untapped;
    }
    std::vector<std::string> taken;
    sort(taps, taken, refused);
    return openAll(taken);
}

TapOpener::Opened TapOpener::openAll(std::span<const std::string> taps) const
{
    const auto tapped = TappedModel::map(m_model, taps);
    if (!tapped) {
        return tapped.error();
    }
    return OrtSession::open(m_runtime, m_model, (*tapped)->bytes(), m_settings);
}

/// Sorts `taps` into those the runtime takes and those it refuses.
void TapOpener::sort(std::span<const std::string> taps, std::vector<std::string> &taken,
                     Diagnostics &refused) const
{
    const auto session = openAll(taps);
    if (session) {
        taken.insert(taken.end(), taps.begin(), taps.end());
    } else if (taps.size() == 1) {
        refused.push_back({Diagnostic::Severity::Warning, taps.front(),
                           "not captured, because the runtime refuses it as an output: " +
                               session.error().message});
    } else {
        sort(taps.first(taps.size() / 2), taken, refused);
        sort(taps.subspan(taps.size() / 2), taken, refused);
    }
}

} // namespace syncpoint
