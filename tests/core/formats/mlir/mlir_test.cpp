#include "core/tensor/decode.h"
#include "tests/core/formats/text_model_test.h"
#include "tests/core/graph/graph_parts.h"

#include <gmock/gmock.h>

// No small public program is at hand: these are written as JAX and the dialects' documents do.
namespace syncpoint::test {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

namespace {
const std::string kDense = R"(#loc1 = loc("x")
module @jit_f attributes {mhlo.num_partitions = 1 : i32} {
  func.func public @main(%arg0: tensor<4x8xf32> {mhlo.layout_mode = "default"} loc("x"), %arg1: tensor<8x2xf32> loc("params['w']")) -> (tensor<4xf32> {jax.result_info = ""}) {
    // a comment
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<4x8xf32>, tensor<8x2xf32>) -> tensor<4x2xf32> loc(#loc5)
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32> loc(#loc)
    %1 = stablehlo.reduce(%0 init: %cst) applies stablehlo.add across dimensions = [1] : (tensor<4x2xf32>, tensor<f32>) -> tensor<4xf32> loc(#loc6)
    %2 = call @relu(%1) : (tensor<4xf32>) -> tensor<4xf32> loc(#loc)
    %3 = call @relu(%2) : (tensor<4xf32>) -> tensor<4xf32> loc(#loc)
    return %3 : tensor<4xf32> loc(#loc)
  } loc(#loc)
  func.func private @relu(%arg0: tensor<4xf32> loc("x")) -> tensor<4xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<4xf32> loc(#loc)
    %0 = stablehlo.maximum %arg0, %cst : tensor<4xf32> loc(#loc)
    return %0 : tensor<4xf32> loc(#loc)
  } loc(#loc)
} loc(#loc)
#loc = loc(unknown)
#loc2 = loc("net.py":8:4)
#loc5 = loc("jit(f)/jit(main)/Net/fc/dot_general"(#loc2))
#loc6 = loc("jit(f)/jit(main)/Net/reduce_sum"(#loc2))
)";

const std::string kWhile = R"(module {
  func.func @main(%arg0: tensor<i32>, %arg1: tensor<4xf32>) -> tensor<4xf32> {
    %c = stablehlo.constant dense<1> : tensor<i32>
    %0:2 = stablehlo.while(%iterArg = %arg0, %iterArg_0 = %arg1) : tensor<i32>, tensor<4xf32>
     cond {
      %c_1 = stablehlo.constant dense<3> : tensor<i32>
      %1 = stablehlo.compare  LT, %iterArg, %c_1,  SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    } do {
      %1 = stablehlo.add %iterArg, %c : tensor<i32>
      %2 = stablehlo.sine %iterArg_0 : tensor<4xf32>
      stablehlo.return %1, %2 : tensor<i32>, tensor<4xf32>
    }
    %3 = stablehlo.cosine %0#1 {note = "a, b", unit} : tensor<4xf32>
    return %3 : tensor<4xf32>
  }
}
)";

const std::string kGeneric = R"("builtin.module"() ({
  "func.func"() <{function_type = (tensor<i32>, tensor<2xf32>) -> tensor<2xf32>, sym_name = "main"}> ({
  ^bb0(%arg0: tensor<i32>, %arg1: tensor<2xf32>):
    %0 = "stablehlo.constant"() <{value = dense<[1.0, 2.0]> : tensor<2xf32>}> : () -> tensor<2xf32>
    %1 = "stablehlo.case"(%arg0) ({
      %2 = "stablehlo.add"(%arg1, %0) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      "stablehlo.return"(%2) : (tensor<2xf32>) -> ()
    }, {
      "stablehlo.return"(%arg1) : (tensor<2xf32>) -> ()
    }) {axes = array<i64: 1, 2>, scale = 0.5 : f32} : (tensor<i32>) -> tensor<2xf32> loc("pick")
    "func.return"(%1) : (tensor<2xf32>) -> ()
  }) : () -> ()
}) : () -> ()
)";

class MlirTest : public TextModelTest
{
protected:
    MlirTest() : TextModelTest("m.mlir") {}
};

std::vector<std::string> opTypes(const Graph &graph)
{
    std::vector<std::string> types;
    for (const Node &node : graph.nodes()) {
        types.push_back(node.opType);
    }
    return types;
}
} // namespace

TEST_F(MlirTest, PrettyOpsHaveOperandsTypesModulesAndSource)
{
    const auto graph = loaded(kDense);
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->info().format, "mlir");
    EXPECT_THAT(opTypes(*graph), ElementsAre("stablehlo.dot_general", "stablehlo.reduce",
                                             "stablehlo.maximum", "stablehlo.maximum"));
    EXPECT_THAT(names(*graph, graph->mainScope().inputs), ElementsAre("x", "params['w']"));
    const Node &dot = graph->nodes()[0];
    EXPECT_THAT(names(*graph, dot.inputs), ElementsAre("x", "params['w']"));
    EXPECT_EQ(graph->value(dot.outputs[0]).shape, (Shape{4, 2}));
    EXPECT_EQ(graph->value(dot.outputs[0]).dtype, DType::Float32);
    EXPECT_EQ(graph->module(dot.module).path, "Net.fc");
    EXPECT_THAT(dot.source, ElementsAre(SourceFrame{"net.py", 8, 4, ""}));
    EXPECT_THAT(dot.aliases, ElementsAre("jit(f)/jit(main)/Net/fc/dot_general"));
    EXPECT_EQ(std::get<std::string>(dot.findAttribute("contracting_dims")->data), "[1] x [0]");
    EXPECT_EQ(std::get<std::string>(dot.findAttribute("precision")->data), "[DEFAULT, DEFAULT]");
    const Node &reduce = graph->nodes()[1];
    EXPECT_THAT(names(*graph, reduce.inputs), ElementsAre("0", "cst"));
    EXPECT_EQ(graph->value(reduce.outputs[0]).shape, (Shape{4}));
}

TEST_F(MlirTest, CalledFunctionsStandInPlaceOfTheirCalls)
{
    const auto graph = loaded(kDense);
    ASSERT_TRUE(graph);
    const Node &first = graph->nodes()[2];
    const Node &second = graph->nodes()[3];
    EXPECT_THAT(names(*graph, first.inputs), ElementsAre("1", "relu_0/cst"));
    EXPECT_EQ(second.inputs[0], first.outputs[0]);
    EXPECT_THAT(graph->mainScope().outputs, ElementsAre(second.outputs[0]));
    const auto zeros = graph->findValue("relu_1/cst");
    ASSERT_TRUE(zeros && graph->value(*zeros).constant);
    EXPECT_THAT(*decodeAll(graph->value(*zeros).constant->view()), ElementsAre(0, 0, 0, 0));
}

TEST_F(MlirTest, RegionsOfLoopsBecomeScopes)
{
    const auto graph = loaded(kWhile);
    ASSERT_TRUE(graph);
    ASSERT_EQ(graph->scopes().size(), 3U);
    const Scope &condition = graph->scopes()[1];
    const Scope &body = graph->scopes()[2];
    EXPECT_EQ(condition.name, "cond");
    EXPECT_EQ(body.name, "do");
    EXPECT_THAT(names(*graph, body.inputs), ElementsAre("iterArg", "iterArg_0"));
    EXPECT_THAT(names(*graph, body.outputs), ElementsAre("1", "2"));
    EXPECT_THAT(names(*graph, condition.outputs), ElementsAre("1"));
    const Node &loop = graph->node(body.owner);
    EXPECT_EQ(loop.opType, "stablehlo.while");
    EXPECT_THAT(names(*graph, loop.inputs), ElementsAre("arg0", "arg1"));
    EXPECT_THAT(names(*graph, loop.outputs), ElementsAre("0#0", "0#1"));
    EXPECT_EQ(graph->value(loop.outputs[1]).shape, (Shape{4}));
    const Node &cosine = graph->nodes().back();
    EXPECT_EQ(cosine.inputs[0], loop.outputs[1]);
    EXPECT_EQ(std::get<std::string>(cosine.findAttribute("note")->data), "a, b");
    EXPECT_NE(cosine.findAttribute("unit"), nullptr);
}

TEST_F(MlirTest, GenericFormIsRead)
{
    const auto graph = loaded(kGeneric);
    ASSERT_TRUE(graph);
    EXPECT_THAT(opTypes(*graph), ElementsAre("stablehlo.add", "stablehlo.case"));
    const Node &choice = graph->nodes()[1];
    EXPECT_THAT(choice.aliases, ElementsAre("pick"));
    EXPECT_THAT(std::get<std::vector<std::int64_t>>(choice.findAttribute("axes")->data),
                ElementsAre(1, 2));
    EXPECT_EQ(std::get<double>(choice.findAttribute("scale")->data), 0.5);
    EXPECT_EQ(choice.bodies.size(), 2U);
    EXPECT_THAT(names(*graph, graph->scopes()[2].outputs), ElementsAre("arg1"));
    const Node &add = graph->nodes()[0];
    ASSERT_TRUE(graph->value(add.inputs[1]).constant);
    EXPECT_THAT(*decodeAll(graph->value(add.inputs[1]).constant->view()), ElementsAre(1, 2));
}

TEST_F(MlirTest, ReducersAndCustomCallsAreRead)
{
    const auto graph =
        loaded(R"(func.func @main(%arg0: tensor<4x2xf32>, %c: tensor<f32>) -> tensor<4xf32> {
  %0 = stablehlo.reduce(%arg0 init: %c) across dimensions = [1] : (tensor<4x2xf32>, tensor<f32>) -> tensor<4xf32>
   reducer(%a: tensor<f32>, %b: tensor<f32>)  {
    %2 = stablehlo.maximum %a, %b : tensor<f32>
    stablehlo.return %2 : tensor<f32>
  }
  %1 = stablehlo.custom_call @Sharding(%0) {api_version = 2 : i32} : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
)");
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->nodes().size(), 3U);
    EXPECT_EQ(graph->scopes()[1].name, "reducer");
    EXPECT_THAT(names(*graph, graph->scopes()[1].inputs), ElementsAre("a", "b"));
    EXPECT_THAT(graph->nodes()[2].metadata, Contains(Pair("target", "@Sharding")));
    EXPECT_EQ(std::get<std::int64_t>(graph->nodes()[2].findAttribute("api_version")->data), 2);
}

TEST_F(MlirTest, ErrorsNameTheLine)
{
    EXPECT_THAT(load("module {\nfunc.func @main() {\n  %0 = = 3\n}\n}").error().message,
                HasSubstr("line 3: '=' is no op"));
    EXPECT_THAT(load("module {\n func.func @main() {\n %0 = \"a\"(").error().message,
                HasSubstr("the text ends inside a body"));
    EXPECT_THAT(load("module {}").error().message, HasSubstr("there is no function in it"));
    EXPECT_THAT(load("ML\xEFR\x01").error().message, HasSubstr("MLIR bytecode"));
}

TEST_F(MlirTest, ErrorsStayShortWhateverANameIsMadeOf)
{
    const std::string name(100'000, '\x80');
    const auto graph = load("module {\n func.func @main() {\n \"" + name + "\"(");
    ASSERT_FALSE(graph);
    EXPECT_LT(graph.error().message.size(), 500U);
}

TEST_F(MlirTest, RunawayCallsAndNestingHitLimits)
{
    std::string calls = "module {\n func.func @main() {\n call @f0() : () -> ()\n return\n }\n";
    for (int i = 0; i < 60; ++i) {
        const std::string next = "f" + std::to_string(i + 1);
        calls += "func.func @f" + std::to_string(i) + "() {\n call @" + next +
                 "() : () -> ()\n call @" + next + "() : () -> ()\n return\n }\n";
    }
    calls += "func.func @f60() {\n return\n }\n}\n";
    for (const std::string &text :
         {calls, std::string("func.func @main() {\n call @main() : () -> ()\n return\n }\n")}) {
        const auto graph = load(text);
        ASSERT_FALSE(graph);
        EXPECT_EQ(graph.error().code, ErrorCode::Limit) << graph.error().message;
    }
    std::string deep = "func.func @main() {\n";
    for (int i = 0; i < 1000; ++i) {
        deep += "\"a.b\"() ({\n %x = \"c.d\"() : () -> f32\n";
    }
    EXPECT_EQ(load(deep).error().code, ErrorCode::Limit);
}

TEST_F(MlirTest, DamagedFilesAreReadOrRefused)
{
    std::mt19937 random(1);
    int loaded = 0;
    for (const std::string &whole : {kDense, kWhile, kGeneric}) {
        for (std::size_t i = 0; i < 200; ++i) {
            const auto part = load(whole.substr(0, whole.size() * i / 200));
            EXPECT_TRUE(part || !part.error().message.empty());
        }
        for (int i = 0; i < 700; ++i) {
            const auto graph = load(damaged(whole, random, 1 + i % 3));
            loaded += graph ? 1 : 0;
            for (std::size_t id = 0; graph && id < (*graph)->values().size(); ++id) {
                const auto &constant = (*graph)->values()[id].constant;
                EXPECT_TRUE(!constant || constant->elements() > 1'000'000 ||
                            decodeAll(constant->view()));
            }
        }
    }
    EXPECT_GT(loaded, 300);
}

} // namespace syncpoint::test
