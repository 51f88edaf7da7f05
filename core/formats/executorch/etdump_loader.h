#pragma once
#include "core/formats/loader.h"

namespace syncpoint {

/// ExecuTorch's event dumps: times of instructions (the runtime's ticks are taken for nanoseconds)
/// and, when the debug buffer lies beside the dump as "<name>.bin" or "debug_output.bin", the
/// tensors that instructions made. Names are those of the program's ops. Format: etdump.fbs of the
/// ExecuTorch project.
std::unique_ptr<TensorLoader> makeEtDumpLoader();

} // namespace syncpoint
