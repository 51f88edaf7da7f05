#include "core/formats/tflite/op_options.h"

#include "core/formats/flatbuffer.h"
#include "core/formats/tflite/option_tables.h"
#include "core/formats/tflite/tensor_types.h"

#include <charconv>
#include <tflite_generated.h>

namespace syncpoint {

namespace {
using namespace tflite_options;

struct Field
{
    std::string_view name;
    std::string_view type;
    std::int64_t missing = 0;
};

Field parseField(std::string_view text)
{
    Field field;
    const std::size_t colon = text.find(':');
    const std::size_t equals = text.find('=');
    field.name = text.substr(0, colon);
    if (colon != std::string_view::npos) {
        field.type =
            text.substr(colon + 1, equals == std::string_view::npos ? std::string_view::npos
                                                                    : equals - colon - 1);
    }
    if (equals != std::string_view::npos) {
        std::from_chars(text.data() + equals + 1, text.data() + text.size(), field.missing);
    }
    return field;
}

/// Reads the fields of one table of options. Only its start was checked with the file.
class OptionReader
{
public:
    OptionReader(const tflite::Options &options, std::span<const std::byte> file,
                 TfliteOptions &out)
        : m_table(reinterpret_cast<const flatbuffers::Table &>(options)),
          m_verifier(flatbufferVerifier(file)), m_out(out)
    {
    }

    void read(std::string_view fields)
    {
        for (flatbuffers::voffset_t slot = 4; !fields.empty() && !m_out.isDamaged; slot += 2) {
            const std::size_t end = std::min(fields.find(' '), fields.size());
            readField(parseField(fields.substr(0, end)), slot);
            fields.remove_prefix(std::min(end + 1, fields.size()));
        }
    }

private:
    void readField(const Field &field, flatbuffers::voffset_t slot)
    {
        const std::string_view type = field.type;
        if (type == "int") {
            add(field, number<std::int32_t>(field, slot));
        } else if (type == "bool" || type == "byte") {
            add(field, number<std::uint8_t>(field, slot));
        } else if (type == "long") {
            add(field, number<std::int64_t>(field, slot));
        } else if (type == "float") {
            add(field, real(slot));
        } else if (type == "dtype") {
            const auto stored = number<std::int8_t>(field, slot);
            add(field, std::string(dtypeName(dtypeOfTflite(stored))));
        } else if (type == "text") {
            add(field, std::string(text(slot)));
        } else if (type == "ints") {
            add(field, list<std::int32_t, std::int64_t>(slot));
        } else if (type == "longs") {
            add(field, list<std::int64_t, std::int64_t>(slot));
        } else if (type == "bools") {
            add(field, list<std::uint8_t, std::int64_t>(slot));
        } else if (type == "floats") {
            add(field, list<float, double>(slot));
        } else if (type == "body") {
            m_out.bodies.emplace_back(field.name, number<std::int32_t>(field, slot));
        } else if (type == "bodies") {
            for (const std::int64_t index : list<std::int32_t, std::int64_t>(slot)) {
                m_out.bodies.emplace_back(
                    std::string(field.name) + std::to_string(m_out.bodies.size()), index);
            }
        } else if (!type.empty()) {
            addWord(field, slot);
        }
    }

    void addWord(const Field &field, flatbuffers::voffset_t slot)
    {
        for (const Words &list : wordLists()) {
            if (list.type == field.type) {
                const std::int64_t stored = list.isWide ? number<std::uint32_t>(field, slot)
                                                        : number<std::int8_t>(field, slot);
                const auto index = static_cast<std::size_t>(stored);
                add(field, stored >= 0 && index < list.words.size() ? std::string(list.words[index])
                                                                    : std::to_string(stored));
            }
        }
    }

    void add(const Field &field, Attribute::Data data)
    {
        if (!m_out.isDamaged) {
            m_out.attributes.push_back({std::string(field.name), std::move(data)});
        }
    }

    template <typename T>
    std::int64_t number(const Field &field, flatbuffers::voffset_t slot)
    {
        if (!m_table.VerifyField<T>(m_verifier, slot, sizeof(T))) {
            m_out.isDamaged = true;
            return 0;
        }
        return static_cast<std::int64_t>(m_table.GetField<T>(slot, static_cast<T>(field.missing)));
    }

    double real(flatbuffers::voffset_t slot)
    {
        m_out.isDamaged |= !m_table.VerifyField<float>(m_verifier, slot, sizeof(float));
        return m_out.isDamaged ? 0.0 : static_cast<double>(m_table.GetField<float>(slot, 0.0F));
    }

    std::string_view text(flatbuffers::voffset_t slot)
    {
        using flatbuffers::String;
        m_out.isDamaged |= !m_table.VerifyOffset(m_verifier, slot) ||
                           !m_verifier.VerifyString(m_table.GetPointer<const String *>(slot));
        if (m_out.isDamaged) {
            return {};
        }
        const std::string_view text = textOf(m_table.GetPointer<const String *>(slot));
        m_out.textBytes += text.size();
        return text;
    }

    template <typename Stored, typename Out>
    std::vector<Out> list(flatbuffers::voffset_t slot)
    {
        using List = flatbuffers::Vector<Stored>;
        m_out.isDamaged |= !m_table.VerifyOffset(m_verifier, slot) ||
                           !m_verifier.VerifyVector(m_table.GetPointer<const List *>(slot));
        if (m_out.isDamaged) {
            return {};
        }
        const auto *stored = m_table.GetPointer<const List *>(slot);
        m_out.numbers += countOf(stored);
        return numbersOf<Out>(stored);
    }

    const flatbuffers::Table &m_table;
    flatbuffers::Verifier m_verifier;
    TfliteOptions &m_out;
};

template <typename Tables>
void readTable(const Tables &tables, int kind, const tflite::Options *options,
               std::span<const std::byte> file, TfliteOptions &out)
{
    const auto found = std::find_if(tables.begin(), tables.end(), [kind](const OptionTable &table) {
        return table.kind == kind;
    });
    if (options != nullptr && found != tables.end()) {
        OptionReader(*options, file, out).read(found->fields);
    }
}
} // namespace

TfliteOptions optionsOf(const tflite::Operator &op, std::span<const std::byte> file)
{
    TfliteOptions out;
    readTable(kOptions, op.options_kind(), op.options(), file, out);
    readTable(kOptions2, op.options_2_kind(), op.options_2(), file, out);
    return out;
}

} // namespace syncpoint
