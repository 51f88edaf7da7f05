#include "core/run/onnx_fields.h"

namespace syncpoint {

void copyField(protozero::pbf_reader &from, protozero::pbf_writer &to)
{
    const protozero::pbf_tag_type tag = from.tag(); // reading the content forgets it
    switch (from.wire_type()) {
    case protozero::pbf_wire_type::varint:
        to.add_uint64(tag, from.get_uint64());
        break;
    case protozero::pbf_wire_type::fixed64:
        to.add_fixed64(tag, from.get_fixed64());
        break;
    case protozero::pbf_wire_type::length_delimited:
        to.add_bytes(tag, from.get_view());
        break;
    case protozero::pbf_wire_type::fixed32:
        to.add_fixed32(tag, from.get_fixed32());
        break;
    default:
        throw protozero::unknown_pbf_wire_type_exception();
    }
}

std::string firstOutput(std::string_view node)
{
    protozero::pbf_reader reader(node.data(), node.size());
    return reader.next(onnx_field::kNodeOutput, protozero::pbf_wire_type::length_delimited)
               ? reader.get_string()
               : std::string();
}

} // namespace syncpoint
