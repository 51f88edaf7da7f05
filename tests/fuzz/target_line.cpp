// Compiled once per line of targets.txt, which the build passes in.
namespace syncpoint::fuzz {
extern const char *const kTargetLine;
const char *const kTargetLine = SYNCPOINT_FUZZ_TARGET;
} // namespace syncpoint::fuzz
