#pragma once
#include "compare/session/comparison_result.h"
#include "core/base/job_context.h"
#include "viewers/tensor/tensor_part.h"
#include "viewers/tensor/value_range.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace syncpoint {

/// What to load: a sync point's two tensors, or one value of one side when no point speaks for it.
struct TensorRequest
{
    std::shared_ptr<const ComparisonResult> result;
    SyncPointId point; ///< invalid: `value` alone
    ValueId value;
    bool onCandidate = false; ///< the side of `value`
    bool isWeight = false; ///< `value` is a constant that the ops of `point` read, which is shown
    std::size_t sample = 0;
    std::size_t part = 0; ///< of a tensor too large to be shown at once
    /// Larger tensors are shown part by part, so that memory stays within some tens of megabytes.
    std::uint64_t mostElements = std::uint64_t{1} << 24U;
    std::uint64_t partElements = std::uint64_t{1} << 22U;
};

/// One side, decoded to real numbers in the baseline's layout.
struct TensorSide
{
    std::string name;
    std::string type; ///< "float32", "uint8, scale 0.0157, zero point 128"
    Tensor captured;  ///< after the transform, still encoded: for the raw integer under the cursor
    std::vector<float> values; ///< empty when this side has no tensor
    Histogram histogram;
};

/// Everything the tensor pane shows of one sample; made on a worker thread.
struct TensorContent
{
    Shape shape;     ///< of what is shown
    TensorPart part; ///< where that is in the whole; the whole itself for most
    TensorSide reference, candidate;
    std::optional<ChannelScores> channels; ///< of the sync point
    bool isOutput = false;                 ///< of the model
    double step = 0.0; ///< candidate's mean quantization step; 0 when not quantized
    std::optional<QuantizationGrid> grid; ///< of the candidate; nothing for several scales
    ValueRange extent;                    ///< over both sides
    /// Of an input that pictures give: factor and offset per channel that undo its normalization.
    std::optional<std::array<std::pair<double, double>, 3>> levels;
    std::string badge;   ///< "part 2 of 64", "reshaped", …; empty: all elements as captured
    std::string problem; ///< why there is nothing to show; empty when there is

    bool hasBoth() const { return !reference.values.empty() && !candidate.values.empty(); }
};

/// Reads one value, or the part of it that is asked for, into `side`; a problem goes into
/// `content`, as do shape and part.
void fillSide(TensorSide &side, const ComparedSide &compared, ValueId value,
              const Transform &transform, const TensorRequest &request, TensorContent &content);
/// Of one scale; nothing for several.
std::optional<QuantizationGrid> gridOf(const Quantization &quantization, DType dtype);
/// "float32", "uint8, scale 0.0157, zero point 128"
std::string typeText(const TensorInfo &info);

TensorContent loadTensorContent(const TensorRequest &request, const JobContext &job);

/// Fills extent and histograms from the values.
void summarize(TensorContent &content);

} // namespace syncpoint
