#pragma once
#include <array>
#include <string_view>
#include <vector>

/// What the options of TFLite's ops consist of. Source: schema.fbs of the TensorFlow project.
namespace syncpoint::tflite_options {

/// One kind of options: its number in the union and its fields in the order of the format, as
/// "name:type", with "=value" where a missing field is not 0. "-" is a field of the past. Types:
/// bool, byte, int, long, float, text, lists of them (ints, longs, floats, bools), dtype, words for
/// a number, and "body" for the index of a subgraph ("bodies" for a list).
struct OptionTable
{
    int kind;
    std::string_view fields;
};

/// BuiltinOptions. Kinds without fields are left out.
inline constexpr auto kOptions = std::to_array<OptionTable>({
    {1, "padding:padding stride_w:int stride_h:int fused_activation_function:activation "
        "dilation_w_factor:int=1 dilation_h_factor:int=1 quantized_bias_type:dtype"}, // convolution
    {2, "padding:padding stride_w:int stride_h:int depth_multiplier:int "
        "fused_activation_function:activation dilation_w_factor:int=1 dilation_h_factor:int=1"},
    {3, "num_channels:int num_columns_per_channel:ints embedding_dim_per_channel:ints"},
    {4, "type:projection"},
    {5, "padding:padding stride_w:int stride_h:int filter_width:int filter_height:int "
        "fused_activation_function:activation"},                                          // pooling
    {6, "rank:int fused_activation_function:activation asymmetric_quantize_inputs:bool"}, // SVDF
    {7, "fused_activation_function:activation asymmetric_quantize_inputs:bool"},          // RNN
    {8, "fused_activation_function:activation weights_format:weights keep_num_dims:bool "
        "asymmetric_quantize_inputs:bool quantized_bias_type:dtype"},    // fully connected
    {9, "beta:float"},                                                   // softmax
    {10, "axis:int fused_activation_function:activation"},               // concatenation
    {11, "fused_activation_function:activation pot_scale_int16:bool=1"}, // addition
    {12, "fused_activation_function:activation"},
    {13, "radius:int bias:float alpha:float beta:float"}, // local response normalisation
    {14, "fused_activation_function:activation cell_clip:float proj_clip:float "
         "kernel_type:lstm_kernel asymmetric_quantize_inputs:bool"}, // LSTM
    {15, "- - align_corners:bool half_pixel_centers:bool"},          // bilinear resizing
    {16, "subgraph:body"},                                           // call
    {17, "new_shape:ints"},                                          // reshape
    {18, "ngram_size:int max_skip_size:int include_all_ngrams:bool"},
    {19, "block_size:int"},
    {20, "combiner:combiner"},
    {21, "fused_activation_function:activation"}, // multiplication
    {23, "axis:int batch_dims:int"},              // gather
    {27, "keep_dims:bool"},                       // reductions
    {28, "fused_activation_function:activation pot_scale_int16:bool=1"},
    {29, "fused_activation_function:activation"},
    {30, "squeeze_dims:ints"},
    {31, "time_major:bool fused_activation_function:activation asymmetric_quantize_inputs:bool"},
    {32, "begin_mask:int end_mask:int ellipsis_mask:int new_axis_mask:int shrink_axis_mask:int "
         "offset:bool"}, // strided slice
    {35, "num_splits:int"},
    {37, "in_data_type:dtype out_data_type:dtype"}, // cast
    {40, "output_type:dtype"},                      // argmax
    {49, "padding:padding stride_w:int stride_h:int fused_activation_function:activation "
         "quantized_bias_type:dtype"}, // transposed convolution
    {50, "validate_indices:bool"},
    {55, "out_type:dtype"},
    {57, "output_type:dtype"},
    {58, "min:float max:float num_bits:int narrow_range:bool"}, // fake quantization
    {59, "values_count:int axis:int"},
    {61, "axis:int"},
    {64, "num:int axis:int"},
    {69, "fused_activation_function:activation cell_clip:float proj_clip:float merge_outputs:bool "
         "time_major:bool=1 asymmetric_quantize_inputs:bool"}, // bidirectional LSTM
    {70, "time_major:bool fused_activation_function:activation merge_outputs:bool "
         "asymmetric_quantize_inputs:bool"},
    {71, "fused_activation_function:activation cell_clip:float proj_clip:float time_major:bool "
         "asymmetric_quantize_inputs:bool diagonal_recurrent_tensors:bool"},
    {74, "align_corners:bool half_pixel_centers:bool"},
    {75, "alpha:float"}, // leaky ReLU
    {77, "mode:mirror"},
    {79, "num_splits:int"},
    {80, "idx_out_type:dtype=2"},
    {87, "seq_dim:int batch_dim:int"},
    {92, "then:body else:body"},
    {93, "cond:body body:body"},
    {94, "block_size:int"},
    {101, "adj_x:bool adj_y:bool asymmetric_quantize_inputs:bool"}, // batched product
    {102, "exclusive:bool reverse:bool"},
    {103, "init:body"},
    {106, "padding:padding stride_d:int stride_w:int stride_h:int "
          "fused_activation_function:activation dilation_d_factor:int=1 dilation_w_factor:int=1 "
          "dilation_h_factor:int=1"},
    {107, "table_id:int key_dtype:dtype value_dtype:dtype"},
    {111, "container:text shared_name:text"},
    {114, "seed:long seed2:long"},
    {115, "boundaries:floats"},
    {116, "approximate:bool"},
});

/// BuiltinOptions2: StableHLO and what came after it.
inline constexpr auto kOptions2 = std::to_array<OptionTable>({
    {1, "dimension:long"},
    {2, "broadcast_dimensions:longs"},
    {3, "start_indices:longs limit_indices:longs strides:longs"},
    {4, "window_strides:longs padding:longs lhs_dilation:longs rhs_dilation:longs "
        "window_reversal:bools input_batch_dimension:long input_feature_dimension:long "
        "input_spatial_dimensions:longs kernel_input_feature_dimension:long "
        "kernel_output_feature_dimension:long kernel_spatial_dimensions:longs "
        "output_batch_dimension:long output_feature_dimension:long "
        "output_spatial_dimensions:longs feature_group_count:long batch_group_count:long"},
    {5, "call_target_name:text has_side_effect:bool backend_config:text api_version:int "
        "called_computations:bodies"},
    {6, "dimensions:longs body:body"},
    {7, "indices_are_sorted:bool update_window_dims:longs inserted_window_dims:longs "
        "scatter_dims_to_operand_dims:longs index_vector_dim:long unique_indices:bool "
        "update_computation:body"},
    {8, "comparison_direction:direction compare_type:int"},
    {9, "slice_sizes:longs"},
    {10, "edge_padding_low:longs edge_padding_high:longs interior_padding:longs"},
    {11, "iota_dimension:long"},
    {12, "lhs_batching_dimensions:longs rhs_batching_dimensions:longs "
         "lhs_contracting_dimensions:longs rhs_contracting_dimensions:longs"},
    {13, "window_dimensions:longs window_strides:longs base_dilations:longs "
         "window_dilations:longs padding:longs body:body"},
    {14, "dimension:long is_stable:bool comparator:body"},
    {15, "cond:body body:body"},
    {16, "offset_dims:longs collapsed_slice_dims:longs start_index_map:longs "
         "index_vector_dim:long slice_sizes:longs indices_are_sorted:bool"},
    {17, "permutation:longs"},
    {19, "algorithm:byte"},
    {21, "name:text decomposition:body - - version:int"}, // composite
    {23, "branch:bodies"},
});

/// Numbers that the format spells out, in order. `isWide`: stored in four bytes, not one.
struct Words
{
    std::string_view type;
    std::vector<std::string_view> words;
    bool isWide = false;
};
inline const std::vector<Words> &wordLists()
{
    static const std::vector<Words> lists{
        {"padding", {"SAME", "VALID"}},
        {"activation", {"NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT"}},
        {"weights", {"DEFAULT", "SHUFFLED4x16INT8"}},
        {"lstm_kernel", {"FULL", "BASIC"}},
        {"combiner", {"SUM", "MEAN", "SQRTN"}},
        {"projection", {"UNKNOWN", "SPARSE", "DENSE"}},
        {"mirror", {"REFLECT", "SYMMETRIC"}},
        {"direction", {"EQ", "NE", "GE", "GT", "LE", "LT"}, true}};
    return lists;
}

} // namespace syncpoint::tflite_options
