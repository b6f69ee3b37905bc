// SPDX-License-Identifier: Apache-2.0
#include "Losses.hh"

#include <arrow/builder.h>

#include "Failure.hh"
#include "Memory.hh"
#include "Text.hh"

namespace archive {

void Losses::add(int table, int32_t path, const char *code, std::string_view note) {
    // A row of no known table counts as a field: the plainest of them.
    Count &count = rows_[{table < 0 ? ARCHIVE_FIELDS : table, path, code}];
    if (count.rows++ == 0) count.note = is_utf8(note) ? std::string(note) : repaired(note);
}

std::shared_ptr<arrow::RecordBatch> Losses::take(const Names &paths) {
    arrow::StringBuilder table(memory()), path(memory()), code(memory()), note(memory());
    arrow::Int64Builder rows(memory());
    for (const auto &[key, count] : rows_) {
        const auto &[table_code, path_number, code_text] = key;
        check(table.Append(table_names[static_cast<size_t>(table_code)]));
        check(
            path.Append(path_number < 0 ? std::string_view("") : std::string_view(paths[path_number].text)));
        check(code.Append(code_text));
        check(rows.Append(count.rows));
        check(count.note.empty() ? note.AppendNull() : note.Append(count.note));
    }
    rows_.clear();
    auto schema = arrow::schema({arrow::field("table", arrow::utf8()), arrow::field("path", arrow::utf8()),
                                 arrow::field("code", arrow::utf8()), arrow::field("rows", arrow::int64()),
                                 arrow::field("note", arrow::utf8())});
    int64_t length = rows.length();
    return arrow::RecordBatch::Make(schema, length,
                                    {check(table.Finish()), check(path.Finish()), check(code.Finish()),
                                     check(rows.Finish()), check(note.Finish())});
}

}  // namespace archive
