#include "core/run/cut_model.h"
#include "core/run/ort_tensor.h"

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <unordered_map>
#include <unordered_set>

namespace syncpoint {

namespace {
// Field numbers of onnx.proto.
constexpr protozero::pbf_tag_type kModelGraph = 7;
constexpr protozero::pbf_tag_type kGraphNode = 1;
constexpr protozero::pbf_tag_type kGraphInitializer = 5;
constexpr protozero::pbf_tag_type kGraphInput = 11;
constexpr protozero::pbf_tag_type kGraphOutput = 12;
constexpr protozero::pbf_tag_type kGraphValueInfo = 13;
constexpr protozero::pbf_tag_type kNodeInput = 1;
constexpr protozero::pbf_tag_type kNodeOutput = 2;
constexpr protozero::pbf_tag_type kNodeAttribute = 5;
constexpr protozero::pbf_tag_type kAttributeGraph = 6;
constexpr protozero::pbf_tag_type kAttributeGraphs = 11;
constexpr protozero::pbf_tag_type kTensorName = 8;
constexpr protozero::pbf_tag_type kValueInfoName = 1;
constexpr protozero::pbf_tag_type kValueInfoType = 2;
constexpr protozero::pbf_tag_type kTypeTensor = 1;
constexpr protozero::pbf_tag_type kTensorElementType = 1;

using Names = std::unordered_set<std::string>;
using View = protozero::data_view;
constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;
constexpr int kDeepestBody = 32;

std::string text(View view)
{
    return {view.data(), view.size()};
}

/// Calls `visit(field, content, whole)` for each field of a message: the content of a
/// length-delimited one (else empty) and the field's bytes with its tag.
template <typename Visit>
void forEachField(View message, Visit visit)
{
    protozero::pbf_reader reader(message);
    std::size_t start = 0;
    while (reader.next()) {
        const bool hasContent = reader.wire_type() == kBytes;
        const protozero::pbf_tag_type field = hasContent ? reader.tag() : 0;
        View content;
        if (hasContent) {
            content = reader.get_view();
        } else {
            reader.skip();
        }
        const std::size_t end = message.size() - reader.length();
        visit(field, content, View(message.data() + start, end - start));
        start = end;
    }
}

std::string nameIn(View message, protozero::pbf_tag_type field)
{
    protozero::pbf_reader reader(message);
    return reader.next(field, kBytes) ? text(reader.get_view()) : std::string();
}

/// What an op reads, the outer values that its bodies read included.
void addReads(View node, Names &reads, int depth = 0)
{
    const auto addBody = [&](View body) {
        if (depth >= kDeepestBody) {
            return;
        }
        forEachField(body, [&](auto field, View content, View) {
            if (field == kGraphNode) {
                addReads(content, reads, depth + 1);
            } else if (field == kGraphOutput) {
                reads.insert(nameIn(content, kValueInfoName));
            }
        });
    };
    forEachField(node, [&](auto field, View content, View) {
        if (field == kNodeInput) {
            reads.insert(text(content));
        } else if (field == kNodeAttribute) {
            forEachField(content, [&](auto inner, View body, View) {
                if (inner == kAttributeGraph || inner == kAttributeGraphs) {
                    addBody(body);
                }
            });
        }
    });
}

/// Copies messages with the names of fed values replaced where ops read them.
class Renamer
{
public:
    explicit Renamer(const std::unordered_map<std::string, std::string> &names) : m_names(names) {}

    std::string node(View message, int depth = 0) const
    {
        std::string out;
        protozero::pbf_writer writer(out);
        forEachField(message, [&](auto field, View content, View whole) {
            if (field == kNodeInput) {
                const auto found = m_names.find(text(content));
                writer.add_bytes(kNodeInput,
                                 found == m_names.end() ? text(content) : found->second);
            } else if (field == kNodeAttribute) {
                writer.add_message(kNodeAttribute, attribute(content, depth));
            } else {
                out.append(whole.data(), whole.size());
            }
        });
        return out;
    }

private:
    std::string attribute(View message, int depth) const
    {
        std::string out;
        protozero::pbf_writer writer(out);
        forEachField(message, [&](auto field, View content, View whole) {
            if ((field == kAttributeGraph || field == kAttributeGraphs) && depth < kDeepestBody) {
                writer.add_message(field, body(content, depth + 1));
            } else {
                out.append(whole.data(), whole.size());
            }
        });
        return out;
    }

    std::string body(View message, int depth) const
    {
        std::string out;
        protozero::pbf_writer writer(out);
        forEachField(message, [&](auto field, View content, View whole) {
            if (field == kGraphNode) {
                writer.add_message(kGraphNode, node(content, depth));
            } else {
                out.append(whole.data(), whole.size());
            }
        });
        return out;
    }

    const std::unordered_map<std::string, std::string> &m_names;
};

class Cutter
{
public:
    Cutter(const Graph &graph, const std::vector<std::string> &fed,
           const std::vector<std::string> &wanted)
        : m_graph(graph), m_fed(fed.begin(), fed.end()), m_wanted(wanted)
    {
    }

    CutModel cut(View model)
    {
        std::string rest;
        forEachField(model, [&](auto field, View content, View whole) {
            if (field == kModelGraph) {
                readGraph(content);
            } else {
                rest.append(whole.data(), whole.size());
            }
        });
        chooseOps();
        nameInputs();
        CutModel made;
        made.bytes.reserve(model.size());
        made.bytes = std::move(rest);
        protozero::pbf_writer writer(made.bytes);
        {
            protozero::pbf_writer graph(writer, kModelGraph);
            writeGraph(graph);
        }
        writer.add_message(kModelGraph, m_otherFields); // messages that follow are merged
        for (const auto &[name, input] : m_inputs) {
            made.inputs.emplace(input, name);
        }
        return made;
    }

private:
    struct Op
    {
        View message;
        Names reads;
        bool isNeeded = false;
    };

    void readGraph(View message)
    {
        forEachField(message, [&](auto field, View content, View whole) {
            if (field == kGraphNode) {
                Op op{content, {}, false};
                addReads(content, op.reads);
                forEachField(content, [&](auto inner, View name, View) {
                    if (inner == kNodeOutput && name.size() > 0) {
                        m_producers.emplace(text(name), m_ops.size());
                    }
                });
                m_ops.push_back(std::move(op));
            } else if (field == kGraphInitializer) {
                m_initializers.emplace_back(nameIn(content, kTensorName), content);
            } else if (field == kGraphInput) {
                m_ports.emplace_back(nameIn(content, kValueInfoName), content);
            } else if (field != kGraphOutput && field != kGraphValueInfo) {
                m_otherFields.append(whole.data(), whole.size());
            }
        });
    }

    void chooseOps()
    {
        std::vector<std::size_t> pending;
        const auto need = [&](const std::string &value) {
            const auto producer = m_producers.find(value);
            if (producer != m_producers.end() && !m_ops[producer->second].isNeeded) {
                m_ops[producer->second].isNeeded = true;
                pending.push_back(producer->second);
            }
        };
        for (const std::string &value : m_wanted) {
            need(value);
        }
        while (!pending.empty()) {
            const Op &op = m_ops[pending.back()];
            pending.pop_back();
            m_read.insert(op.reads.begin(), op.reads.end());
            for (const std::string &value : op.reads) {
                if (m_fed.count(value) == 0) {
                    need(value);
                }
            }
        }
    }

    /// An input that stands for a fed value needs a name of its own: the value is still computed.
    void nameInputs()
    {
        const auto add = [&](const std::string &value) {
            if (m_fed.count(value) != 0 && m_read.count(value) != 0) {
                std::string name = value + ":fed";
                while (m_producers.count(name) != 0 || m_read.count(name) != 0) {
                    name += '_';
                }
                m_inputs.emplace(value, std::move(name));
            }
        };
        for (const auto &[value, producer] : m_producers) {
            add(value);
        }
        for (const auto &[value, message] : m_initializers) {
            add(value);
        }
        for (const auto &[value, message] : m_ports) {
            add(value);
        }
    }

    void writeGraph(protozero::pbf_writer &graph) const
    {
        const Renamer renamer(m_inputs);
        for (const Op &op : m_ops) {
            if (op.isNeeded) {
                graph.add_message(kGraphNode, renamer.node(op.message));
            }
        }
        const auto isKept = [&](const std::string &name) {
            return m_read.count(name) != 0 && m_inputs.count(name) == 0;
        };
        for (const auto &[name, message] : m_initializers) {
            if (isKept(name)) {
                graph.add_message(kGraphInitializer, message);
            }
        }
        for (const auto &[name, message] : m_ports) {
            if (isKept(name)) {
                graph.add_message(kGraphInput, message);
            }
        }
        for (const auto &[value, name] : m_inputs) {
            writeInput(graph, value, name);
        }
        for (const std::string &value : m_wanted) {
            if (m_producers.count(value) != 0) {
                protozero::pbf_writer output(graph, kGraphOutput);
                output.add_string(kValueInfoName, value);
            }
        }
    }

    void writeInput(protozero::pbf_writer &graph, const std::string &value,
                    const std::string &name) const
    {
        const auto id = m_graph.findValue(value);
        const DType known = id ? m_graph.value(*id).dtype : DType::Undefined;
        protozero::pbf_writer input(graph, kGraphInput);
        input.add_string(kValueInfoName, name);
        protozero::pbf_writer type(input, kValueInfoType);
        protozero::pbf_writer tensor(type, kTypeTensor);
        tensor.add_int32(kTensorElementType,
                         ortFromDType(known == DType::Undefined ? DType::Float32 : known));
    }

    const Graph &m_graph;
    std::unordered_set<std::string> m_fed;
    const std::vector<std::string> &m_wanted;
    std::vector<Op> m_ops;
    std::unordered_map<std::string, std::size_t> m_producers;
    std::vector<std::pair<std::string, View>> m_initializers;
    std::vector<std::pair<std::string, View>> m_ports;
    std::string m_otherFields;
    Names m_read;
    std::unordered_map<std::string, std::string> m_inputs; ///< fed value → input
};
} // namespace

Result<CutModel> cutModel(std::span<const std::byte> bytes, const Graph &graph,
                          const std::vector<std::string> &fed,
                          const std::vector<std::string> &wanted)
{
    try {
        return Cutter(graph, fed, wanted)
            .cut(View(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
    } catch (const protozero::exception &) {
        return Error{ErrorCode::BadFormat, "the model is damaged: it is not valid protobuf"};
    }
}

} // namespace syncpoint
