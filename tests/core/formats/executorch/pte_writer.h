#pragma once
#include "core/formats/executorch/pte_loader.h"
#include "tests/core/formats/test_files.h"

#include <cstdint>
#include <program_generated.h>
#include <string>
#include <vector>

/// Writes ExecuTorch programs of a few lines: what the sample lacks.
namespace syncpoint::test {

struct PteTensorSpec
{
    std::vector<std::int32_t> sizes;
    std::string name = {};
    std::uint32_t data = 0; ///< number of its buffer; 0 none
    std::uint32_t memory = 0;
    std::vector<std::uint8_t> axes = {};
};

struct PteCallSpec
{
    std::int32_t op = 0;
    std::vector<std::int32_t> arguments;
    bool isDelegate = false;
    std::vector<std::pair<std::string, int>> frames = {}; ///< file and line, outermost first
};

struct PtePlanSpec
{
    std::string name;
    std::vector<PteTensorSpec> tensors; ///< the first values; numbers follow
    std::vector<std::int64_t> numbers;
    std::vector<std::string> ops; ///< all of overload "out"
    std::vector<std::string> delegates;
    std::vector<PteCallSpec> calls;
    std::vector<std::int32_t> inputs, outputs;
};

class PteWriter
{
public:
    /// `buffers` follow the empty buffer 0.
    std::string write(const std::vector<PtePlanSpec> &plans,
                      const std::vector<std::string> &buffers = {})
    {
        std::vector<flatbuffers::Offset<executorch::ExecutionPlan>> all;
        for (const PtePlanSpec &plan : plans) {
            all.push_back(write(plan));
        }
        std::vector<flatbuffers::Offset<executorch::Buffer>> data{executorch::CreateBuffer(m_out)};
        for (const std::string &bytes : buffers) {
            data.push_back(executorch::CreateBuffer(
                m_out, m_out.CreateVector(reinterpret_cast<const std::uint8_t *>(bytes.data()),
                                          bytes.size())));
        }
        const auto listed = m_out.CreateVector(all);
        executorch::FinishProgramBuffer(
            m_out, executorch::CreateProgram(m_out, 0, listed, m_out.CreateVector(data)));
        return {reinterpret_cast<const char *>(m_out.GetBufferPointer()), m_out.GetSize()};
    }

private:
    flatbuffers::Offset<executorch::EValue> write(const PteTensorSpec &tensor)
    {
        const auto sizes = m_out.CreateVector(tensor.sizes);
        const auto axes = m_out.CreateVector(tensor.axes);
        const auto name = m_out.CreateString(tensor.name);
        const auto extra = executorch::CreateExtraTensorInfo(m_out, 0, name);
        const auto memory = executorch::CreateAllocationDetails(m_out, 1, tensor.memory);
        executorch::TensorBuilder builder(m_out);
        builder.add_scalar_type(6); // float32
        builder.add_sizes(sizes);
        builder.add_dim_order(axes);
        builder.add_data_buffer_idx(tensor.data);
        if (!tensor.name.empty()) {
            builder.add_extra_tensor_info(extra);
        }
        if (tensor.memory != 0) {
            builder.add_allocation_info(memory);
        }
        return executorch::CreateEValue(m_out, executorch::KernelTypes_Tensor,
                                        builder.Finish().Union());
    }

    flatbuffers::Offset<executorch::Instruction> write(const PteCallSpec &call)
    {
        const auto arguments = m_out.CreateVector(call.arguments);
        const auto made = call.isDelegate
                              ? executorch::CreateDelegateCall(m_out, call.op, arguments).Union()
                              : executorch::CreateKernelCall(m_out, call.op, arguments).Union();
        return executorch::CreateInstruction(m_out,
                                             call.isDelegate
                                                 ? executorch::InstructionArguments_DelegateCall
                                                 : executorch::InstructionArguments_KernelCall,
                                             made);
    }

    flatbuffers::Offset<executorch::FrameList>
    frames(const std::vector<std::pair<std::string, int>> &lines)
    {
        std::vector<flatbuffers::Offset<executorch::Frame>> frames;
        for (const auto &[file, line] : lines) {
            frames.push_back(executorch::CreateFrame(m_out, m_out.CreateString(file), line,
                                                     m_out.CreateString("forward")));
        }
        return executorch::CreateFrameList(m_out, m_out.CreateVector(frames));
    }

    flatbuffers::Offset<executorch::ExecutionPlan> write(const PtePlanSpec &plan)
    {
        std::vector<flatbuffers::Offset<executorch::EValue>> values;
        for (const PteTensorSpec &tensor : plan.tensors) {
            values.push_back(write(tensor));
        }
        for (const std::int64_t number : plan.numbers) {
            values.push_back(executorch::CreateEValue(
                m_out, executorch::KernelTypes_Int, executorch::CreateInt(m_out, number).Union()));
        }
        std::vector<flatbuffers::Offset<executorch::Instruction>> calls;
        std::vector<flatbuffers::Offset<executorch::FrameList>> traces;
        for (const PteCallSpec &call : plan.calls) {
            calls.push_back(write(call));
            traces.push_back(frames(call.frames));
        }
        std::vector<flatbuffers::Offset<executorch::Operator>> ops;
        for (const std::string &name : plan.ops) {
            ops.push_back(executorch::CreateOperator(m_out, m_out.CreateString(name),
                                                     m_out.CreateString("out")));
        }
        std::vector<flatbuffers::Offset<executorch::BackendDelegate>> delegates;
        for (const std::string &id : plan.delegates) {
            delegates.push_back(executorch::CreateBackendDelegate(m_out, m_out.CreateString(id)));
        }
        const auto instructions = m_out.CreateVector(calls);
        const auto chain =
            executorch::CreateChain(m_out, 0, 0, instructions, m_out.CreateVector(traces));
        const auto name = m_out.CreateString(plan.name);
        const auto listed = m_out.CreateVector(values);
        const auto inputs = m_out.CreateVector(plan.inputs);
        const auto outputs = m_out.CreateVector(plan.outputs);
        const auto chains = m_out.CreateVector(&chain, 1);
        return executorch::CreateExecutionPlan(m_out, name, 0, listed, inputs, outputs, chains,
                                               m_out.CreateVector(ops),
                                               m_out.CreateVector(delegates));
    }

    flatbuffers::FlatBufferBuilder m_out;
};

inline Result<std::shared_ptr<const Graph>> loadPte(const std::filesystem::path &path)
{
    return makePteLoader()->load(path, JobContext());
}
inline Result<std::shared_ptr<const Graph>> loadPteBytes(const std::string &bytes)
{
    const TemporaryFolder folder;
    writeFile(folder / "model.pte", bytes);
    return loadPte(folder / "model.pte");
}

} // namespace syncpoint::test
