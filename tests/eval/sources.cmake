# What generates and scores graph pairs, for the tests and the benchmark.
set(SYNCPOINT_EVAL_SOURCES
  base_nets.cpp edits.cpp edits/branches.cpp edits/folding.cpp edits/fusing.cpp edits/insertion.cpp
  edits/integer_ops.cpp edits/layout.cpp edits/order.cpp edits/quantization.cpp edits/weights.cpp
  edits/writing_out.cpp evaluation.cpp exported_nets.cpp held_back_nets.cpp net.cpp net_writer.cpp
  rewriting.cpp scoring.cpp)
list(TRANSFORM SYNCPOINT_EVAL_SOURCES PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
