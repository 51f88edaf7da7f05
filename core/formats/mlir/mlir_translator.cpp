#include "core/formats/mlir/mlir_translator.h"

#include "core/formats/mlir/mlir_constants.h"
#include "core/formats/mlir/mlir_nodes.h"
#include "core/formats/mlir/mlir_op_text.h"
#include "core/formats/mlir/mlir_scope.h"
#include "core/formats/mlir/mlir_signature.h"

#include <fmt/format.h>

namespace syncpoint {

namespace {
constexpr std::size_t kShownName = 80;
constexpr int kDeepestNesting = 64;
constexpr std::size_t kMostOps = 500'000; // functions count once for every call
constexpr std::size_t kMostCalledBytes = std::size_t{256} << 20U;
constexpr std::uint64_t kMostConstantBytes = std::uint64_t{256} << 20U;
using Void = Result<void>;
using Names = std::vector<std::string>;

class MlirTranslator
{
public:
    MlirTranslator(const MlirFile &file, GraphBuilder &builder, const JobContext &job)
        : m_file(file), m_builder(builder), m_nodes(builder), m_values(builder), m_job(job)
    {
    }

    Void run(const MlirFunction &entry)
    {
        MlirFrame frame{m_builder.mainScope()};
        MlirLexer lexer(entry.text);
        auto done = translateFunction(entry, lexer, frame);
        if (!done) {
            return done.error().code == ErrorCode::Cancelled
                       ? done
                       : done.error().withContext(fmt::format("line {}", lexer.line()));
        }
        m_nodes.inferRemainingModules();
        return {};
    }

private:
    Void translateFunction(const MlirFunction &function, MlirLexer &lexer, MlirFrame &frame)
    {
        if (!function.isGeneric) {
            if (auto done = readArguments(lexer, frame); !done) {
                return done;
            }
            if (auto done = skipMlirResultTypes(lexer); !done) {
                return done;
            }
        }
        return lexer.take("{")
                   ? translateRegion(lexer, frame)
                   : Error{ErrorCode::BadFormat, fmt::format("function '{}' has no body",
                                                             function.name.substr(0, kShownName))};
    }

    /// "%a: type {attributes} loc(…), …" up to the ")".
    Void readArguments(MlirLexer &lexer, MlirFrame &frame)
    {
        for (std::size_t i = 0; !lexer.take(")"); ++i) {
            auto read = readMlirParameter(lexer, m_file.locations);
            if (!read) {
                return read.error();
            }
            auto &[name, type, location] = *read;
            if (frame.operands != nullptr) {
                if (i >= frame.operands->size()) {
                    return Error{ErrorCode::BadFormat, "a call has too few operands"};
                }
                frame.values.insert_or_assign(std::string(name), (*frame.operands)[i]);
                continue;
            }
            std::string wanted = location.names.empty() ? std::string(name.substr(1))
                                                        : std::move(location.names.front());
            const auto value = m_values.define(frame, name, std::move(wanted), type);
            if (!value) {
                return value.error();
            }
            m_builder.addInput(frame.scope, *value);
        }
        return {};
    }

    Void translateRegion(MlirLexer &lexer, MlirFrame &frame)
    {
        if (frame.depth >= kDeepestNesting) {
            return Error{ErrorCode::Limit,
                         fmt::format("regions and calls are more than {} deep", kDeepestNesting)};
        }
        while (!lexer.take("}")) {
            MlirLexer ahead(lexer);
            if (ahead.next().kind == MlirToken::Block) {
                lexer = ahead;
                auto done = lexer.take("(") ? readArguments(lexer, frame) : Void{};
                if (!done) {
                    return done;
                }
                lexer.take(":");
                continue;
            }
            frame.operands = nullptr; // arguments of the first block are those of the function
            if (m_job.isCancelled()) {
                return JobContext::cancelledError();
            }
            if (++m_ops > kMostOps) {
                return Error{ErrorCode::Limit, fmt::format("there are more than {} ops", kMostOps)};
            }
            if (auto done = translateOp(lexer, frame); !done) {
                return done;
            }
            m_job.advance();
        }
        return {};
    }

    Void translateOp(MlirLexer &lexer, MlirFrame &frame)
    {
        const auto results = readMlirResults(lexer);
        if (!results) {
            return results.error();
        }
        const MlirToken token = lexer.next();
        const bool isQuoted = token.kind == MlirToken::String;
        if (!isQuoted && token.kind != MlirToken::Word) {
            return Error{ErrorCode::BadFormat,
                         token.kind == MlirToken::End
                             ? "the text ends inside a body"
                             : fmt::format("'{}' is no op", token.text.substr(0, kShownName))};
        }
        const std::string name = isQuoted ? mlirText(token.text) : std::string(token.text);
        const bool isTerminator = isMlirTerminator(name);
        const bool isCall = name == "call" || name == "func.call";
        const bool isConstant = name == "constant" || name.ends_with(".constant");
        NodeId node;
        if (!isTerminator && !isCall && !isConstant) {
            node = m_nodes.add(name, frame.scope);
        }
        MlirOpText op;
        if (auto done = readRest(lexer, frame, node, op); !done) {
            return done.error().code == ErrorCode::Cancelled || frame.depth > 0
                       ? done
                       : done.error().withContext(
                             fmt::format("op '{}'", name.substr(0, kShownName)));
        }
        if (isTerminator) {
            return giveBack(op, frame);
        }
        if (isConstant && results->size() == 1 && !op.literal.empty()) {
            return addConstant(results->front(), op, frame);
        }
        if (const MlirFunction *callee = isCall ? calleeOf(op) : nullptr) {
            return inlineCall(*callee, *results, op, frame);
        }
        if (!node.isValid()) {
            node = m_nodes.add(name, frame.scope);
        }
        return finish(node, *results, op, frame);
    }

    /// To the end of the op; its regions become scopes, or are skipped without a node.
    Void readRest(MlirLexer &lexer, MlirFrame &frame, NodeId node, MlirOpText &op)
    {
        MlirOpReader reader(m_file.locations);
        while (true) {
            const auto stop = reader.read(lexer, op);
            if (stop == MlirOpReader::Stop::End) {
                return {};
            }
            const bool isSkipped = stop == MlirOpReader::Stop::Region && !node.isValid();
            if (stop == MlirOpReader::Stop::Damaged || (isSkipped && !lexer.skipBrackets())) {
                return Error{ErrorCode::BadFormat, "its text is damaged"};
            }
            if (isSkipped) {
                continue;
            }
            if (auto done = addRegion(lexer, frame, node, op); !done) {
                return done;
            }
        }
    }

    Void addRegion(MlirLexer &lexer, MlirFrame &outer, NodeId owner, const MlirOpText &op)
    {
        const std::size_t index = m_builder.nodes()[owner.index()].bodies.size();
        const std::string role =
            op.role.empty() ? fmt::format("region_{}", index) : std::string(op.role);
        MlirFrame frame{m_builder.addScope(owner, role), &outer, "", false, outer.depth + 1};
        m_builder.edit(owner).attributes.push_back({role, frame.scope});
        for (const MlirArgument &argument : op.arguments) {
            const auto value = m_values.define(frame, argument.name, argument.type);
            if (!value) {
                return value.error();
            }
            m_builder.addInput(frame.scope, *value);
        }
        return translateRegion(lexer, frame);
    }

    Void giveBack(const MlirOpText &op, MlirFrame &frame)
    {
        auto values = m_values.find(frame, op.operands);
        if (!values) {
            return values.error();
        }
        if (frame.isInlined) {
            frame.returned = *std::move(values);
            return {};
        }
        for (const ValueId value : *values) {
            m_builder.addOutput(frame.scope, value);
        }
        return {};
    }

    Void addConstant(const std::string &name, const MlirOpText &op, MlirFrame &frame)
    {
        const std::string_view type = op.types.empty() ? std::string_view{} : op.types.back();
        const auto value = m_values.define(frame, name, type);
        if (!value) {
            return value.error();
        }
        const MlirType declared = mlirType(type);
        const bool isDense = op.literal.find('<') != std::string_view::npos;
        const std::string dense =
            isDense ? std::string{} : fmt::format("dense<{}>", op.literal); // a bare number
        auto tensor = mlirConstant(isDense ? op.literal : dense, declared);
        m_constantBytes += tensor ? tensor->storedBytes() : 0;
        if (tensor && m_constantBytes <= kMostConstantBytes) {
            m_builder.setConstant(*value, *std::move(tensor));
        } else {
            m_builder.setConstantWithoutData(*value, declared.dtype,
                                             declared.shape.value_or(Shape{}));
        }
        return {};
    }

    const MlirFunction *calleeOf(const MlirOpText &op) const
    {
        return op.symbol.empty() ? nullptr : m_file.find(op.symbol.substr(1));
    }

    Void inlineCall(const MlirFunction &callee, const Names &results, const MlirOpText &op,
                    MlirFrame &frame)
    {
        const auto operands = m_values.find(frame, op.operands);
        if (!operands) {
            return operands.error();
        }
        MlirFrame inner{frame.scope,
                        nullptr,
                        fmt::format("{}{}_{}/", frame.prefix, callee.name, m_calls++),
                        true,
                        frame.depth + 1,
                        &*operands};
        MlirLexer lexer(callee.text);
        if (auto done = translateFunction(callee, lexer, inner); !done) {
            return done;
        }
        m_calledBytes += lexer.position() - callee.text.position();
        if (m_calledBytes > kMostCalledBytes) {
            return Error{ErrorCode::Limit, "its functions call one another too often"};
        }
        if (inner.returned.size() < results.size()) {
            return Error{ErrorCode::BadFormat, fmt::format("function '{}' returns too few values",
                                                           callee.name.substr(0, kShownName))};
        }
        for (std::size_t i = 0; i < results.size(); ++i) {
            frame.values.insert_or_assign(results[i], inner.returned[i]);
        }
        return {};
    }

    Void finish(NodeId id, const Names &results, MlirOpText &op, MlirFrame &frame)
    {
        auto inputs = m_values.find(frame, op.operands);
        if (!inputs) {
            return inputs.error();
        }
        std::vector<ValueId> outputs;
        for (std::size_t i = 0; i < results.size(); ++i) {
            const bool hasEach = op.types.size() == results.size();
            const std::string_view type = op.types.empty() ? std::string_view{}
                                          : hasEach        ? op.types[i]
                                                           : op.types.back();
            const auto value = m_values.define(frame, results[i], type);
            if (!value) {
                return value.error();
            }
            outputs.push_back(*value);
        }
        Node &node = m_builder.edit(id);
        node.inputs = *std::move(inputs);
        node.outputs = std::move(outputs);
        std::move(op.attributes.begin(), op.attributes.end(), std::back_inserter(node.attributes));
        if (node.opType == "custom_call" || node.opType.ends_with(".custom_call")) {
            node.metadata.emplace_back("target", op.symbol);
        }
        m_nodes.setSource(id, std::move(op.location));
        return {};
    }

    const MlirFile &m_file;
    GraphBuilder &m_builder;
    MlirNodes m_nodes;
    MlirValues m_values;
    const JobContext &m_job;
    std::size_t m_ops = 0;
    std::size_t m_calls = 0;
    std::size_t m_calledBytes = 0; ///< text of functions, once for every call
    std::uint64_t m_constantBytes = 0;
};
} // namespace

Result<void> translateMlir(const MlirFile &file, GraphBuilder &builder, const JobContext &job)
{
    const MlirFunction *entry = file.entry();
    if (entry == nullptr) {
        return Error{ErrorCode::BadFormat, "not a model in MLIR: there is no function in it"};
    }
    return MlirTranslator(file, builder, job).run(*entry);
}

} // namespace syncpoint
