#include "core/formats/mlir/mlir_nodes.h"

#include "core/formats/module_inference.h"

namespace syncpoint {

namespace {
constexpr std::size_t kMostSourceBytes = std::size_t{256} << 20U;

std::size_t sizeOf(const MlirLocation &location)
{
    std::size_t bytes = 0;
    for (const SourceFrame &frame : location.frames) {
        bytes += sizeof(frame) + frame.file.size() + frame.function.size();
    }
    for (const std::string &name : location.names) {
        bytes += sizeof(name) + name.size();
    }
    return bytes;
}
} // namespace

NodeId MlirNodes::add(std::string opType, ScopeId scope)
{
    Node node;
    node.opType = std::move(opType);
    node.scope = scope;
    m_moduleIsKnown.push_back(false);
    return m_builder.addNode(std::move(node));
}

void MlirNodes::setSource(NodeId id, MlirLocation location)
{
    m_sourceBytes += sizeOf(location);
    if (m_sourceBytes > kMostSourceBytes) { // many ops may share one long stack
        return;
    }
    for (const std::string &name : location.names) {
        const std::string module = mlirModuleOf(name);
        if (!module.empty() && !m_moduleIsKnown[id.index()]) {
            m_moduleIsKnown[id.index()] = true;
            m_builder.edit(id).module = m_builder.module(module);
        }
    }
    Node &node = m_builder.edit(id);
    node.source = std::move(location.frames);
    node.aliases = std::move(location.names);
}

void MlirNodes::inferRemainingModules()
{
    inferModules(m_builder, std::move(m_moduleIsKnown));
}

} // namespace syncpoint
